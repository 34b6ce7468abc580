"""Fills the forms of a release as a story tells: the same checks as for people."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from engine.diagram import read_diagram
from engine.forms import Form, accept, read_form
from engine.model import Data, Release
from engine.registers import FACTS, read_by
from engine.values import from_json

from .virtual import Stop


class Sheets:
    """The forms of one release, each read once."""

    def __init__(self, release: Release) -> None:
        self._release = release

    def fill(
        self, element: str, step: Mapping[str, Any], seen: Mapping[str, Any], now: datetime
    ) -> Data:
        """``{"values", "outcome"}`` of a form filled with the step's data; Invalid with problems.

        An element without a form file takes what the story says as it stands.
        """
        form, told, outcome = self.form(element), step.get("data", {}), step.get("outcome", "")
        if form is None:
            values = {pointer: from_json(value) for pointer, value in told.items()}
            return {"values": values, "outcome": outcome or None}
        filled = accept(form, told, around(form, seen), now, outcome)
        return {"values": dict(filled.values), "outcome": filled.outcome}

    def form(self, element: str) -> Form | None:
        """The form of a task or of the start, also of called procedures; Invalid where it is unfit."""
        content = self._content(element)
        types = self._release.files.get("shared/types.json", b"{}")
        return None if content is None else _form(content, types)

    def _content(self, element: str) -> bytes | None:
        name, files = f"forms/{element}.json", self._release.files
        paths = [path for path in files if path == name or path.endswith(f"/{name}")]
        return files[min(paths, key=len)] if paths else None

    def starting_roles(self) -> frozenset[str]:
        """The roles of the lanes that the start events lie in."""
        return _starting_roles(self._release.files["process.bpmn"])

    def message_start(self, name: str) -> str:
        """The start event that waits for this message. Stop when there is none."""
        diagram = read_diagram(self._release.files["process.bpmn"])
        for node in diagram.nodes.values():
            is_start = node.type == "startEvent" and not node.scope
            if is_start and any(diagram.messages[e.ref].name == name for e in node.events):
                return node.id
        raise Stop("scenario_nobody_waits", name=name, key="")


def around(form: Form, seen: Mapping[str, Any]) -> Data:
    """What a form sees, with a list for each register it reads."""
    return {**seen, FACTS: {name: [] for name in read_by(form)} | seen.get(FACTS, {})}


@lru_cache(maxsize=1024)
def _form(content: bytes, types: bytes) -> Form:
    return read_form(content, types)


@lru_cache(maxsize=64)
def _starting_roles(xml: bytes) -> frozenset[str]:
    nodes = read_diagram(xml).nodes.values()
    starts = [node for node in nodes if node.type == "startEvent" and not node.scope]
    return frozenset(role for node in starts for role in node.role.split())
