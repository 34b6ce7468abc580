"""What the engine asks of the store about who may not act and who is there. Protocols only."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from .model import Bar, Claimed, DutyPost, Handover, Shift, Substitution


class Apart(Protocol):
    """Who may not act in a dossier, and who stands in for whom."""

    def bars(self, dossier_id: str) -> Sequence[Bar]:
        """Every bar of a dossier in the order made, ended ones too."""

    def add_bars(self, added: Sequence[Bar]) -> None:
        """One that is there already stays as it was first put up."""

    def end_bar(self, bar_id: str, at: datetime, reason: str) -> None:
        """Raises Conflict (bar_ended) unless it holds now."""

    def held_in(self, dossier_id: str, person: str) -> Sequence[Claimed]: ...
    def unname(self, dossier_id: str, person: str) -> None:
        """The open tasks of a dossier that are for this person alone are offered to their role."""

    def substitution(self, substitution_id: str) -> Substitution: ...
    def substitutions(self, person: str, since: datetime) -> Sequence[Substitution]:
        """Those for somebody's absence that end after ``since``, the first one first."""

    def save_substitution(self, substitution: Substitution) -> None: ...


class Duty(Protocol):
    """Posts, who is on duty at them, and shifts as they are handed over."""

    def save_duty_post(self, post: DutyPost) -> None: ...
    def save_shift(self, shift: Shift) -> None: ...
    def on_duty(self, post_id: str, moment: datetime) -> Sequence[str]: ...
    def duty_post(self, post_id: str) -> DutyPost: ...
    def shift(self, shift_id: str) -> Shift: ...
    def post_tasks(self, post: DutyPost) -> Sequence[Claimed]:
        """Open tasks of a post: addressed to it, or to one of its roles in its organisation."""

    def handover(self, handover_id: str) -> Handover: ...
    def save_handover(self, handover: Handover) -> None: ...


class Staff(Apart, Duty, Protocol):
    """All of it."""
