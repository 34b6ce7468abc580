"""Tells a story over several cases (``bpmn/shared/stories/``): one dossier and what grows out of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from .commands.cases import Where
from .errors import EngineError, Invalid
from .feel import pointer_get
from .model import Case
from .ports import Works
from .scenario.reading import moment, span
from .scenario.verdict import same, shown
from .spiff import read_state
from .story import Script, Stage, named_parties, play

TIMES = ("at", "to", "after", "pass")


@dataclass(frozen=True, slots=True)
class World:
    """A stage on which everything due is done for all cases; ``scenario(procedure, name)``: a bundled one."""

    stage: Stage
    worker: Works
    scenario: Callable[[str, str], Script]

    def pass_time(self, until: datetime) -> None:
        """Go forward, stopping wherever anything comes due on the way."""
        clock = self.stage.clock
        while (due := self._next_due()) and due <= until:
            clock.move(due)
            if not self.worker.work_due():
                break
        clock.move(until)
        self.worker.work_due()

    def _next_due(self) -> datetime | None:
        with self.stage.open_store() as store:
            return store.next_due()


def relate(world: World, story: Script) -> Sequence[Case]:
    """Play a whole story; its cases as they stand at the end, in the order they began.

    Raises Invalid ``story_stuck`` (a step cannot be played) or ``story_differs`` (an expectation
    fails), naming the step.
    """
    chronicle = _Chronicle(world)
    for number, step in enumerate(story["steps"], 1):
        try:
            chronicle.take(step)
        except EngineError as refused:
            raise Invalid(
                "story_stuck", number=number, step=str(step), reason=str(refused)
            ) from refused
        chronicle.judge(number, step.get("expect", {}))
    chronicle.judge(len(story["steps"]), story["expect"])
    return chronicle.cases()


class _Chronicle:
    """The cases that began since the story did; the newest of a procedure is the one meant."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._stage = world.stage
        self._before = frozenset(self._streams())

    def _streams(self) -> list[str]:
        with self._stage.open_store() as store:
            return list(store.streams("case:"))

    def cases(self) -> list[Case]:
        ids = [one for one in self._streams() if one not in self._before]
        with self._stage.open_store() as store:
            found = [store.case(one.removeprefix("case:")) for one in ids]
        return sorted(found, key=lambda case: (case.started_at, case.id))

    def case(self, procedure: str) -> Case:
        for case in reversed(self.cases()):
            if case.procedure == procedure:
                return case
        raise Invalid("no_such_case", procedure=procedure)

    def take(self, step: Script) -> None:
        """One step: a case begins, steps of a scenario are taken over, or one of its own."""
        if "begin" in step:
            self._begin(step)
        elif "like" in step:
            for borrowed in self._borrowed(step):
                self._act(step["case"], borrowed)
        else:
            self._act(step.get("case", ""), step)

    def _begin(self, step: Script) -> None:
        start = self._world.scenario(step["begin"], step["like"])["start"]
        start = {**start, **{key: step[key] for key in ("at", "by", "org") if key in step}}
        self._world.pass_time(moment(start["at"]))
        teller = next(p for p in self._stage.people if start["by"] in p.roles)
        values = {**start["data"], **step.get("data", {})}
        where = Where(start.get("org", ""))
        self._stage.engine.begin(teller, step["begin"], values, where)
        self._world.worker.work_due()

    def _borrowed(self, step: Script) -> Iterator[Script]:
        """The steps of a bundled scenario that are not refused there: those named, else all tasks."""
        wanted = step.get("tasks")
        for one in self._world.scenario(step["case"], step["like"])["steps"]:
            told = one.get("task")
            if not told or "refused" in one.get("expect", {}) or (wanted and told not in wanted):
                continue
            data = {**one.get("data", {}), **step.get("with", {}).get(told, {})}
            yield {
                **{k: v for k, v in one.items() if k not in TIMES or wanted is None},
                "data": data,
            }

    def _act(self, procedure: str, step: Script) -> None:
        now = self._stage.clock.now
        for key in TIMES:
            if key in step:
                until = moment(step[key]) if key in ("at", "to") else now + span(step[key])
                self._world.pass_time(until)
        if procedure:
            case = self.case(procedure)
            rest = {key: value for key, value in step.items() if key not in TIMES}
            play(self._stage, case.id, named_parties(self._stage, case.dossier, rest))
            self._world.worker.work_due()

    def judge(self, number: int, expect: Mapping[str, Any]) -> None:
        """Hold what a step expects against the cases: open tasks, status, data."""
        for what, look in LOOKS.items():
            for procedure, wanted in expect.get(what, {}).items():
                for name, found, fits in look(self.case(procedure), wanted):
                    if not fits:
                        where = f"{procedure} {name}".strip()
                        raise Invalid(
                            "story_differs", number=number, what=where, found=shown(found)
                        )


Look = Iterator[tuple[str, Any, bool]]


def _open(case: Case, wanted: Sequence[str]) -> Look:
    found = sorted({task.place.element for task in read_state(case.state).tasks})
    yield "open", found, found == sorted(wanted)


def _status(case: Case, wanted: str) -> Look:
    yield "status", case.status, case.status == wanted


def _data(case: Case, wanted: Mapping[str, Any]) -> Look:
    data = read_state(case.state).data
    for pointer, value in wanted.items():
        found = pointer_get(data, pointer)
        yield pointer, found, same(value, found)


LOOKS: Mapping[str, Callable[[Case, Any], Look]] = {
    "open": _open,
    "status": _status,
    "data": _data,
}
