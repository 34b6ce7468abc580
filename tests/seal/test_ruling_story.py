"""A confirmation from its draft to the clocks of objection and enforcement, on paper that is real."""

from __future__ import annotations

import json
from datetime import timedelta
from io import BytesIO

import pytest
from pypdf import PdfReader

from engine.chronicle import World, relate
from engine.commands import Engine
from engine.commands.dispatching import Wanted
from engine.commands.printing import Press
from engine.errors import Invalid
from engine.facts import build_facts
from engine.model import Record, Release
from engine.package import digest
from engine.scenario.reading import moment
from engine.services.delivery import Mail
from engine.services.fonts import FontStack
from engine.services.typesetting import Letters
from engine.spiff import read_state
from engine.story import Stage, VirtualClock, named_parties, play
from engine.workdays import CHINA, local_day
from engine.worker import Worker
from storage.blobs import FolderBlobs
from storage.memory import Memory
from tests import cast
from tests.conftest import BPMN, populate
from tests.delivery.mailbox import serving
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
    "/service/receipt/signed_on": "2026-03-10",
}
ADDRESS = "zhang@example.cn"
CONSENT = "consent-1"
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


@pytest.fixture(scope="module")
def printed(world, cases, data):
    """Checked, three copies printed, one void, one printed in its place; the codes of all."""
    engine, delivery = world.stage.engine, cases["delivery"]
    digest = data("delivery")["check"]["digest"]
    act(world, delivery, "verify_file", {})
    wrong, *_ = engine.print_copies(cast.CLERK, delivery.dossier, digest, Press("HP-1", "窗口2", 3))
    engine.void_copy(cast.CLERK, delivery.dossier, wrong.id, "缺页")
    with pytest.raises(Invalid):  # two that hold are not enough for two parties and the file
        act(world, delivery, "print_copies", {}, outcome="printed")
    engine.print_copies(cast.CLERK, delivery.dossier, digest, Press("HP-1", "窗口2", 1))
    with pytest.raises(Invalid):  # a number that the print log does not know
        act(world, delivery, "print_copies", {"/print/log": [{"code": "X"}] * 3}, outcome="printed")
    act(world, delivery, "print_copies", {}, outcome="printed")
    return data("delivery")["print"]["log"]


@pytest.fixture(scope="module")
def mailed(world, cases, printed):
    """One party agreed to e-service on record; the mail server was busy first. The notice, the mail."""
    engine, delivery = world.stage.engine, cases["delivery"]
    party = consent(world, delivery.dossier)
    rows = [
        {"party": "party-1", "consent_ground": "SAID_YES", "place": "PRESENT"},
        {"party": "party-2", "consent_ground": "NONE", "place": "PRESENT"},
    ]
    act(world, delivery, "plan_service", {"/service_plan/rows": rows})
    with serving() as (box, address):
        engine._handlers = {
            "delivery.email": Mail(f"smtp://{address}", "a@example.cn", engine.clock)
        }
        box.refuse = "450 busy"
        wanted = Wanted(party, "email", ADDRESS, "")
        notice = engine.notify(
            cast.CLERK, delivery.dossier, wanted, lambda one: f"http://x/p/{one}"
        )
        world.worker.work_due()
        box.refuse = ""
        world.pass_time(engine.clock() + timedelta(hours=1))
    with world.stage.open_store() as store:
        return store.dispatch(notice.id), box.mails


@pytest.fixture(scope="module")
def served(world, cases, data, mailed):
    """E-mail and receipt side by side for one; the other is not who the papers say, and served later."""
    delivery, notice = cases["delivery"], mailed[0]
    sent = notice.sent_at.astimezone(CHINA).strftime("%Y-%m-%dT%H:%M")
    channel = {"channel": "EMAIL", "address": ADDRESS, "confirmed": True, "sent_ok_at": sent}
    act(world, delivery, "send_electronically", {"/service/electronic/channels": [channel]}, item=0)
    wrong = {"/service/receipt/mismatch": "证件照片与来人不符"}
    act(world, delivery, "hand_over", wrong, item=1, outcome="not_identified")
    world.pass_time(moment("2026-03-10T09:00"))
    act(world, delivery, "hand_over", RECEIPT, item=0, outcome="received")
    agree = {"/service/countersign/accepted": True}
    act(world, delivery, "countersign_receipt", agree, item=0)
    play(world.stage, delivery.id, {"message": "paper_copy_asked", "payload": {"by": "party-1"}})
    act(world, delivery, "give_paper_copy", {"/paper_copy/how": "窗口领取"})
    direct = {"/service/other/way": "DIRECT", "/service/other/served_on": "2026-03-10"}
    act(world, delivery, "serve_otherwise", direct, item=1, outcome="proved")
    return data("delivery")["delivery"]["services"]


def consent(world, dossier):
    """The first party, whose consent to e-service is on record now."""
    engine = world.stage.engine
    with world.stage.open_store() as store:
        party = store.parties(dossier)[0].id
        said = {"/party": party, "/what": "E_SERVICE", "/answer": "YES"}
        store.add_records(
            [
                Record(
                    entry=CONSENT,
                    version=1,
                    register="consents",
                    dossier=dossier,
                    name="",
                    about=party,
                    values=said,
                    tags="",
                    words="",
                    valid_from=local_day(engine.clock()),
                    valid_until=None,
                    made_by="clerk",
                    made_at=engine.clock(),
                )
            ]
        )
    return party


def last_day(period):
    """A period ends with the instant after its last day."""
    return f"{(period.due - timedelta(seconds=1)).astimezone(CHINA):%Y-%m-%d}"


def test_the_returned_file_is_read_and_its_seal_checked_before_printing(data):
    checked = data("delivery")["check"]
    assert (checked["digest"], checked["result"]) == (data("delivery")["ruling"]["digest"], "OK")


@pytest.mark.clause("CQ4.6")
def test_the_print_log_of_the_case_names_every_number_and_why_one_is_void(printed):
    told = {row["code"][-3:]: row.get("reason") for row in printed if row["voided"]}
    assert told == {"001": "缺页"}
    assert sorted(row["code"][-3:] for row in printed) == ["001", "002", "003", "004"]


@pytest.mark.clause("S1-90", "S7-29")
def test_e_service_keeps_its_consent_and_arrives_after_a_second_try(mailed):
    notice, mails = mailed
    assert (notice.consent, notice.state, len(mails)) == (CONSENT, "sent", 1)
    said = mails[0]["Subject"] + mails[0].get_content()
    assert not any(word in said for word in ("李", "民特", "裁〔"))


@pytest.mark.clause("S1-87", "S1-88", "S7-31")
def test_each_party_is_served_on_a_day_of_its_own(served):
    told = [(one["effect"]["way"], f"{one['effect']['effective_on']}") for one in served]
    assert told == [("E_SERVICE", "2026-03-09"), ("DIRECT", "2026-03-10")]
    assert served[1]["receipt"]["mismatch"] == "证件照片与来人不符"


@pytest.mark.clause("S1-90")
def test_a_paper_copy_is_given_on_request(served, data):
    assert data("delivery")["paper_copy"]["how"] == "窗口领取"


@pytest.mark.clause("S2-372", "S1-250")
def test_objection_and_enforcement_run_from_service(served, world, cases):
    with world.stage.open_store() as store:
        opened = [store.case(one) for one in store.cases_in(cases["delivery"].dossier)]
    clocks = next(read_state(c.state).clocks for c in opened if c.procedure == "performance")
    ends = [(one.rule, last_day(one)) for one in clocks]
    assert ends == [
        ("party_objection", "2026-03-24"),  # fifteen days from each party's own service
        ("party_objection", "2026-03-25"),
        ("apply_enforcement", "2028-04-10"),  # two years from the last day to perform
    ]
