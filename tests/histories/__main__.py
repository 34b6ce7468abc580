"""Records a history by playing a bundled scenario through the verbs on a memory store."""

from __future__ import annotations

import json
import sys

from engine.commands import Engine
from engine.facts import build_facts
from engine.scenario.reading import moment
from engine.story import Stage, VirtualClock, tell
from storage.memory import Memory
from tests import cast
from tests.conftest import BPMN, populate
from tests.histories import HERE, write
from webui.wiring import bundled


def main(procedure: str, scenario: str) -> None:
    """Play the scenario and keep its journal as tests/histories/<procedure>-<scenario>.zip."""
    files = bundled()[procedure]
    script = json.loads(files[f"scenarios/{scenario}.json"])
    clock = VirtualClock(moment(script["start"]["at"]))
    memory = Memory(clock)
    with memory.open() as store:
        populate(store, build_facts(BPMN / "shared"))
    engine = Engine(memory.open, clock, {}, None)
    engine.install({procedure: files})
    stage = Stage(engine, memory.open, clock, [cast.actor(login) for login in cast.PEOPLE])
    case_id = tell(stage, procedure, script)
    with memory.open() as store:
        case = store.case(case_id)
        chain = list(store.entries(f"case:{case_id}"))
        target = HERE / f"{procedure}-{scenario}.zip"
        write(target, [store.release(case.release)], store.facts(case.facts), chain)
    sys.stdout.write(f"{target.name}: {len(chain)} entries, {case.status}\n")


if __name__ == "__main__":
    main(*sys.argv[1:3])
