"""A small procedure that a clerk works off, to be played on other releases."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

from engine.model import Release
from engine.spiff import read_state
from engine.whatif import Rehearsed, rehearse
from tests.builders import process, release, start, user
from tests.cast import CLERK

RULES = (Path(__file__).parents[3] / "bpmn/shared/rules.toml").read_bytes()
LATER = timedelta(hours=3)
STEPS = ({"/dispute/facts": "漏水"}, {})


def form(*names: str, **rules: object) -> bytes:
    """Text fields under /dispute, nothing to choose."""
    label = {"label": {"zh": "情况", "en": "Facts"}}
    fields = {f"/dispute/{name}": label for name in names}
    properties = {name: {"type": "string", **rules} for name in names}
    dispute = {"dispute": {"type": "object", "properties": properties}} if names else {}
    schema = {"type": "object", "properties": dispute}
    ui = {"order": list(fields), "fields": fields, "outcomes": []}
    return json.dumps({"schema": schema, "ui": ui}).encode()


FILES = {
    "forms/start.json": form(),
    "forms/a.json": form("facts"),
    "forms/b.json": form(),
    "shared/rules.toml": RULES,
}


def drawn(flows: str = "start -> a -> b -> end", *parts: str, **forms: bytes) -> Release:
    """The procedure, redrawn; a part of the same id takes the place of the usual one."""
    usual = {"a": user("a", ld_role="TRIB_CLERK"), "b": user("b", ld_role="TRIB_CLERK")}
    own = [one for name, one in usual.items() if not any(f'id="{name}"' in part for part in parts)]
    changed = {f"forms/{name}.json": content for name, content in forms.items()}
    begun = start("start", ld_role="TRIB_CLERK")
    return release(process(flows, begun, *own, *parts), {**FILES, **changed})


class Lived:
    """A case worked off step by step, hours apart."""

    def __init__(self, desk, store, clock, first: Release | None = None) -> None:
        self.desk, self.store, self.clock = desk, store, clock
        with store() as opened:
            opened.add_release(first or drawn(), "designer", "designer2", clock())
        self.id = desk.start(CLERK, "p", {}).id

    @property
    def tasks(self) -> dict[str, str]:
        with self.store() as opened:
            found = read_state(opened.case(self.id).state).tasks
        return {one.place.element: one.id for one in found}

    def work(self, *steps: dict) -> Lived:
        for values in steps or STEPS:
            self.clock.move(self.clock() + LATER)
            (task,) = self.tasks.values()
            self.desk.claim(CLERK, task)
            self.desk.answer(CLERK, task, values)
        return self

    def on(self, draft: Release) -> Rehearsed:
        with self.store() as opened:
            chain = list(opened.entries(f"case:{self.id}"))
            return rehearse(chain, draft, (opened.release, opened.facts))
