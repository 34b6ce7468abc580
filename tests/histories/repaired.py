"""Records a case that is repaired, once with a second person, and moved to a new release."""

from __future__ import annotations

import sys

from engine.commands import Engine
from engine.commands.repair import relocation
from engine.counterparts import pair
from engine.facts import POLICY, build_facts
from engine.layout import layout
from engine.model import Actor
from engine.spiff import read_state, standing
from engine.story import VirtualClock
from storage.memory import Memory
from tests.builders import BEGIN, boundary, clock, end, extend, process, release, start, timer, user
from tests.cast import ADMIN, CLERK, DESIGNER, SUPERVISOR
from tests.conftest import BPMN, populate
from tests.engine.whatif.living import FILES, form
from tests.histories import HERE, write

ROLE = {"ld_role": "TRIB_CLERK"}
COUNTED = extend(clock("accept_referral", starts="enter", ends="done"))


def drawn(step: str, role: str):
    """A procedure of two steps, the first of which bears this id and is counted."""
    parts = (
        start("start", ld_role="TRIB_CLERK"),
        user(step, COUNTED, name="受理", ld_role=role),
        boundary("late", step, timer("P5D")),
        user("b", **ROLE),
        end("over"),
    )
    xml = process(f"start -> {step} -> b -> end\nlate -> over", *parts)
    return release(layout(xml), {**FILES, f"forms/{step}.json": form("facts")})


class Recorder:
    """One case on a memory store, played by hand."""

    def __init__(self) -> None:
        self.now = VirtualClock(BEGIN)
        self.memory = Memory(self.now)
        with self.memory.open() as store:
            populate(store, build_facts(BPMN / "shared"))
        self.engine = Engine(self.memory.open, self.now, {}, None)

    def publish(self, of):
        with self.memory.open() as store:
            store.add_release(of, "designer", "designer2", self.now())
        return of

    def places(self, case_id):
        with self.memory.open() as store:
            return [one.place for one in standing(store.case(case_id).state)]

    def task(self, case_id):
        with self.memory.open() as store:
            return read_state(store.case(case_id).state).tasks[0].id


def main() -> None:
    """Play it and keep its journal as tests/histories/p-repaired_and_moved.zip."""
    told = Recorder()
    engine, first = told.engine, told.publish(drawn("a", "TRIB_CLERK"))
    case_id = engine.start(CLERK, "p", {}).id
    engine.answer(CLERK, told.task(case_id), {"/dispute/facts": "漏水"})
    engine.relocate(SUPERVISOR, case_id, relocation(told.places(case_id), "a"), "退回重办")
    engine.set_setting(ADMIN, "repair_needs_second", True, POLICY, "防止误改")
    back = relocation(told.places(case_id), "a")
    asked = engine.propose_repair(SUPERVISOR, case_id, "relocate", back, "重新开始")
    other = Actor("supervisor2", "周平", SUPERVISOR.grants)
    engine.approve_repair(other, case_id, asked.seq)
    second = told.publish(drawn("take_in", "TRIB_JUDGE"))
    names = pair(first.files, second.files).names
    engine.move_case(DESIGNER, case_id, second.digest, "步骤改名，交法官受理", names)
    ahead = relocation(told.places(case_id), "b")
    asked = engine.propose_repair(SUPERVISOR, case_id, "relocate", ahead, "已受理")
    engine.approve_repair(other, case_id, asked.seq)
    engine.answer(CLERK, told.task(case_id), {})
    with told.memory.open() as store:
        case, chain = store.case(case_id), list(store.entries(f"case:{case_id}"))
        target = HERE / "p-repaired_and_moved.zip"
        write(target, [first, second], store.facts(case.facts), chain)
    sys.stdout.write(f"{target.name}: {len(chain)} entries, {case.status}\n")


if __name__ == "__main__":
    main()
