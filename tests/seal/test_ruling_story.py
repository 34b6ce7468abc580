"""A confirmation from its draft to the clocks of objection and enforcement, on paper that is real."""

from __future__ import annotations

import json
from io import BytesIO

import pytest
from pypdf import PdfReader

from engine.chronicle import World, relate
from engine.commands import Engine
from engine.commands.printing import Press
from engine.errors import Invalid
from engine.facts import build_facts
from engine.model import Release
from engine.package import digest
from engine.scenario.reading import moment
from engine.services.fonts import FontStack
from engine.services.typesetting import Letters
from engine.spiff import read_state
from engine.story import Stage, VirtualClock, named_parties, play
from engine.worker import Worker
from storage.blobs import FolderBlobs
from storage.memory import Memory
from tests import cast
from tests.conftest import BPMN, populate
from tests.seal.offices import Office
from webui.wiring import bundled

BUNDLED = bundled()
SO_FAR = json.loads((BPMN / "shared/stories/dispute_to_performance.json").read_text("utf-8"))
AUTHORITY = {
    "/seal/status/owner": "yunxi-court",
    "/seal/status/seal_valid": True,
    "/seal/status/certificate_valid": True,
    "/seal/status/suspended": False,
    "/seal/operator": "seal",
    "/seal/authority": "何印",
}
RECEIPT = {
    "/service/receipt/identity": "IN_PERSON",
    "/service/receipt/told": ["EFFECT", "OBJECTION", "ENFORCEMENT"],
    "/service/receipt/signer": "PARTY",
    "/service/receipt/signed_on": "2026-03-09",
}
SEALING = [
    {"case": "seal", "task": "request_seal", "data": {}},
    {"case": "seal", "task": "check_authority", "data": AUTHORITY},
    {"case": "seal", "task": "apply_seal", "data": {"/seal/by": "HERE"}},
]


def scenario(procedure, name):
    return json.loads(BUNDLED[procedure][f"scenarios/{name}.json"])


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    folder = tmp_path_factory.mktemp("court")
    clock = VirtualClock(moment("2026-01-01T09:00"))
    memory = Memory(clock)
    with memory.open() as store:
        populate(store, build_facts(BPMN / "shared"))
        for procedure, files in BUNDLED.items():
            store.add_release(Release(procedure, digest(files), files), "a", "b", clock())
    engine = Engine(memory.open, clock, {}, FolderBlobs(folder / "blobs"))
    engine.letters = Letters(FontStack())
    engine.seals = Office(folder / "keys", clock).seals
    people = [cast.actor(login) for login in cast.PEOPLE]
    stage = Stage(engine, memory.open, clock, people)
    yield World(stage, Worker(engine, memory.open, clock), scenario)
    memory.close()


@pytest.fixture(scope="module")
def cases(world):
    """Mediated, applied for, reviewed, drafted, signed by judge and clerk, sealed by the court."""
    told = relate(world, {"steps": SO_FAR["steps"][:6] + SEALING, "expect": {}})
    return {case.procedure: case for case in told}


@pytest.fixture(scope="module")
def data(world, cases):
    def of(procedure):
        with world.stage.open_store() as store:
            return read_state(store.case(cases[procedure].id).state).data

    return of


@pytest.fixture(scope="module")
def sealed(world, data):
    return world.stage.engine.blobs.get(data("seal")["seal"]["attempt"]["digest"])


def act(world, case, task, data, **more):
    step = {"task": task, "data": data, **more}
    play(world.stage, case.id, named_parties(world.stage, case.dossier, step))
    world.worker.work_due()


def test_what_the_judge_and_the_clerk_signed_is_the_file_that_is_sealed(world, cases, data):
    signed, seal = data("review")["ruling"], data("seal")["seal"]
    assert signed["judge_signature"]["digest"] != signed["record"]["file"]
    assert seal["digest"] == signed["clerk_signature"]["digest"]
    assert signed["judge_signed_at"] <= signed["clerk_signed_at"] <= seal["attempt"]["sign_time"]
    first = PdfReader(BytesIO(world.stage.engine.blobs.get(seal["digest"]))).pages[0]
    assert "申请人" in first.extract_text()


def test_the_sealed_ruling_is_good_for_the_long_term_and_bears_one_code(world, data, sealed):
    verified = world.stage.engine.seals.verify(sealed)
    assert (verified.result, verified.level) == ("OK", "B-LTA")
    holders = [(one.field, one.holder) for one in verified.signatures]
    court = ("court_seal", "云溪县人民法院")
    people = [(name, cast.PEOPLE[name].name) for name in ("judge", "clerk")]
    assert holders == [*people, court]
    words = "".join(page.extract_text() for page in PdfReader(BytesIO(sealed)).pages)
    code = data("seal")["seal"]["attempt"]["code"]
    assert words.replace("-", "").count(code) == 1 + words.count(f"/V/{code}")
    assert words.count("Verification code") == 1


def test_it_is_returned_checked_printed_served_and_the_clocks_start(world, cases, data):
    engine, delivery = world.stage.engine, cases["delivery"]
    checked = data("delivery")["check"]
    assert (checked["digest"], checked["result"]) == (data("delivery")["ruling"]["digest"], "OK")
    act(world, delivery, "verify_file", {})
    press = Press("HP-1", "窗口2", 3)
    engine.print_copies(cast.CLERK, delivery.dossier, checked["digest"], press)
    with pytest.raises(Invalid):  # a number that the print log does not know
        act(world, delivery, "print_copies", {"/print/log": [{"code": "X"}] * 3}, outcome="printed")
    act(world, delivery, "print_copies", {}, outcome="printed")
    assert [row["code"][-3:] for row in data("delivery")["print"]["log"]] == ["001", "002", "003"]
    rows = [{"party": f"party-{n}", "consent_ground": "NONE", "place": "PRESENT"} for n in (1, 2)]
    act(world, delivery, "plan_service", {"/service_plan/rows": rows})
    for item in (0, 1):
        act(world, delivery, "hand_over", RECEIPT, item=item, outcome="received")
    served = data("delivery")["delivery"]["services"]
    assert {f"{one['effect']['effective_on']}" for one in served} == {"2026-03-09"}
    with world.stage.open_store() as store:
        opened = [store.case(one) for one in store.cases_in(delivery.dossier)]
    clocks = next(read_state(c.state).clocks for c in opened if c.procedure == "performance")
    assert "party_objection" in {one.rule for one in clocks}
