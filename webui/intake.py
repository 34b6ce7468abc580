"""The way in for files that people send: through the scanner, under the sender's name."""

from __future__ import annotations

from dataclasses import dataclass

from flask import g

from engine.commands.visiting import acting
from engine.model import Actor

from .auth import actor
from .product import fresh, product


@dataclass(frozen=True, slots=True)
class Intake:
    """Keeps what this person sends."""

    sender: Actor

    def put(self, content: bytes) -> str:
        """The digest; raises what ``take_file`` raises."""
        fresh()
        return product().engine.take_file(self.sender, content)


def intake() -> Intake:
    """Of whoever is behind this request: somebody of staff, or a party let in by invitation."""
    visitor = getattr(g, "visitor", None)
    return Intake(acting(visitor) if visitor else actor())
