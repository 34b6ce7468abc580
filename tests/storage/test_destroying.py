"""Keeping and destroying on every store: what may go and why not, once, certified, resumed, proved."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from engine.commands import Engine
from engine.commands.cases import Where
from engine.errors import Conflict, Failed, Invalid, NotAllowed, NotFound
from engine.model import Dossier, Party
from engine.proofs.prover import Prover
from engine.retention import read_schedule
from engine.rules import read_rules
from engine.spiff import read_state
from storage.blobs import MemoryBlobs
from storage.guarding import UNDER_CERTIFICATE
from storage.sql.destroying import parts_of
from storage.tables import metadata
from tests.builders import process
from tests.cast import AUDITOR, CLERK, JUDGE, SUPERVISOR, actor
from tests.storage.builders import START
from tests.storage.scenes import begin_case

PRESIDENT = actor("president")
YEARS = timedelta(days=30 * 365 + 9)
RULES = """[keep]
zh = "保管"
en = "Kept"
starts = {zh = "结案", en = "closing"}
length = 30
unit = "years"
counting = "C1"
roll = false
basis = ["S31"]
"""
ROW = '[p_file]\nzh = "卷宗"\nen = "File"\nclass = "short"\nprocedures = ["p"]\nrule = "keep"\n'
SCHEDULE = read_schedule((ROW + 'certainty = "V2"\n').encode(), read_rules(RULES.encode()))
NAME, ID_NO = "欧阳未名", "530102199001011234"


class Breaking(MemoryBlobs):
    """A disk that fails when told to."""

    broken = False

    def remove(self, digest, certificate):
        if self.broken:
            raise Failed("blob_unwritable", reason="pulled out")
        super().remove(digest, certificate)


@pytest.fixture
def blobs():
    return Breaking()


@pytest.fixture
def engine(open_store, clock, blobs):
    return Engine(open_store, clock, {}, blobs)


@pytest.fixture
def dossier(engine, open_store, clock, blobs):
    """A dossier whose only case is over, with one of everything; its period is over too."""
    case_id = begin_case(engine, open_store, process("start -> end"))
    scan = {"name": "身份证.jpg", "type": "image/jpeg", "size": 4}
    with open_store() as store:
        case = store.case(case_id)
        store.save_party(Party("p1", case.dossier, "A", NAME, {"id_no": ID_NO}))
        store.add_attachment(case.dossier, "clerk", scan | {"digest": blobs.put(b"scan")})
        told = {"id": "doc1", "kind": "letter", "number": "1号", "digest": "", "data": {"to": NAME}}
        store.add_document(case, told)
    engine.note_reading(CLERK, case.dossier)
    clock.at += YEARS
    return case.dossier


@pytest.fixture
def approved(engine, dossier):
    proposed = engine.propose_destruction(CLERK, [dossier], SCHEDULE, "保管期满")
    return engine.decide_destruction(PRESIDENT, proposed.id, True, "鉴定同意")


def kept(engine, open_store, dossier):
    with open_store() as store:
        found = engine.appraise(store, store.filed(dossier), SCHEDULE)
    return [reason.code for reason in found.reasons]


def refusal(code):
    return pytest.raises((Conflict, NotAllowed, Invalid, NotFound), match=rf"\[{code}\]")


def test_a_dossier_may_go_once_its_period_is_over_and_not_a_day_before(
    engine, open_store, dossier, clock
):
    assert kept(engine, open_store, dossier) == []
    clock.at -= timedelta(days=2)
    assert kept(engine, open_store, dossier) == ["kept_until"]


def test_the_dry_run_says_what_would_go_and_changes_nothing(engine, open_store, dossier, blobs):
    with open_store() as store:
        found = engine.would_destroy(store, dossier)
    assert set(found.rows) == {"parties", "attachments", "documents"}
    assert len(found.files) == 1
    assert sum(found.streams.values()) == 3
    assert blobs.has(found.files[0])


@pytest.mark.parametrize(("kind", "ref"), [("dossier", ""), ("person", "p1"), ("document", "doc1")])
def test_a_hold_beats_the_end_of_the_period(engine, open_store, dossier, kind, ref):
    hold = engine.place_hold(PRESIDENT, dossier, (kind, ref), "再审")
    assert kept(engine, open_store, dossier) == ["kept_on_hold"]
    with refusal("destruction_not_due"):
        engine.propose_destruction(CLERK, [dossier], SCHEDULE, "保管期满")
    engine.lift_hold(SUPERVISOR, hold.id, "再审审结")
    assert kept(engine, open_store, dossier) == []


def test_a_hold_on_a_person_holds_every_dossier_of_theirs(engine, open_store, dossier):
    with open_store() as store:
        store.save_dossier(Dossier("d9", "J9", "dispute", "", "court", START))
        store.save_party(Party("p9", "d9", "B", NAME, {"id_no": ID_NO}))
    engine.place_hold(PRESIDENT, "d9", ("person", "p9"), "另案侦查")
    assert kept(engine, open_store, dossier) == ["kept_held_elsewhere"]


def test_a_person_is_held_by_name_and_day_of_birth_where_a_number_is_missing(
    engine, open_store, dossier
):
    with open_store() as store:
        store.save_dossier(Dossier("d9", "J9", "dispute", "", "court", START))
        store.save_party(Party("p9", dossier, "B", "司徒未名", {"birth_date": "1980-05-06"}))
        known = {"id_no": "530102198005061234"}
        store.save_party(Party("p8", "d9", "B", "司徒未名", known))
    engine.place_hold(PRESIDENT, "d9", ("person", "p8"), "另案侦查")
    assert kept(engine, open_store, dossier) == ["kept_held_elsewhere"]


def test_a_linked_dossier_that_is_still_worked_on_keeps_it(engine, open_store, dossier):
    case_id = engine.begin(CLERK, "p", {}).id
    with open_store() as store:
        case = store.case(case_id)
        other = store.dossier(case.dossier)
        store.save_dossier(replace(other, linked=dossier))
        store.touch_case(replace(case, status="open"))
    assert kept(engine, open_store, dossier) == ["kept_linked"]


def test_holds_are_for_those_who_may_with_a_reason_and_once(engine, dossier):
    with refusal("hold_not_yours"):
        engine.place_hold(CLERK, dossier, ("dossier", ""), "再审")
    with refusal("say_why"):
        engine.place_hold(PRESIDENT, dossier, ("dossier", ""), " ")
    with refusal("hold_target_unknown"):
        engine.place_hold(PRESIDENT, dossier, ("person", "nobody"), "再审")
    hold = engine.place_hold(PRESIDENT, dossier, ("dossier", ""), "再审")
    with refusal("hold_already"):
        engine.place_hold(PRESIDENT, dossier, ("dossier", ""), "再审")
    engine.lift_hold(PRESIDENT, hold.id, "审结")
    with refusal("hold_over"):
        engine.lift_hold(PRESIDENT, hold.id, "审结")


def test_one_person_proposes_and_another_approves(engine, dossier):
    for who in (AUDITOR, JUDGE, PRESIDENT):
        with refusal("destruction_not_yours"):
            engine.propose_destruction(who, [dossier], SCHEDULE, "期满")
    proposed = engine.propose_destruction(CLERK, [dossier], SCHEDULE, "期满")
    both = replace(PRESIDENT, person=CLERK.person)
    with refusal("destruction_not_decided_by_you"):
        engine.decide_destruction(both, proposed.id, True, "同意")
    with refusal("destruction_not_approved"):
        engine.carry_out(CLERK, proposed.id, SCHEDULE)
    with refusal("destruction_not_carried_out_by_you"):
        engine.carry_out(AUDITOR, proposed.id, SCHEDULE)
    with refusal("destruction_already"):
        engine.propose_destruction(CLERK, [dossier], SCHEDULE, "期满")


def test_what_was_refused_is_not_destroyed_and_may_be_proposed_again(engine, dossier):
    first = engine.propose_destruction(CLERK, [dossier], SCHEDULE, "期满")
    engine.decide_destruction(PRESIDENT, first.id, False, "有研究价值")
    with refusal("destruction_not_approved"):
        engine.carry_out(CLERK, first.id, SCHEDULE)
    with refusal("destruction_decided"):
        engine.decide_destruction(PRESIDENT, first.id, True, "同意")
    assert engine.propose_destruction(CLERK, [dossier], SCHEDULE, "期满").number == "2056-2"


def test_everything_said_is_gone_and_the_proofs_hold(
    engine, open_store, database, dossier, approved, blobs
):
    with open_store() as store:
        streams = [f"dossier:{dossier}", *(f"case:{one}" for one in store.cases_in(dossier))]
    done = engine.carry_out(CLERK, approved.id, SCHEDULE)
    assert (done.certificates, done.kept, done.files) == (("XH2056-1",), (), 1)
    assert list(blobs.digests()) == []
    prover = Prover(open_store, blobs)
    for stream in (*streams, f"destruction:{approved.id}"):
        assert prover.prove("stream", stream).same, stream
    verdict = prover.prove("stream", streams[1])
    assert verdict.params["certificate"] == "XH2056-1"
    assert NAME not in everything(database)


def everything(database):
    """All text in the store, states opened."""
    with database.read() as db:
        rows = [row for table in metadata.tables.values() for row in db.execute(sa.select(table))]
        states = [read_state(state) for (state,) in db.execute(sa.text("SELECT state FROM cases"))]
    return str(rows) + str(states)


def test_the_certificate_says_what_was_destroyed_under_which_rule_by_whom(
    engine, open_store, dossier, approved
):
    engine.carry_out(CLERK, approved.id, SCHEDULE)
    with open_store() as store:
        issued = store.certificate("XH2056-1")
        told = {entry.seq: (entry, said) for entry, said in store.entries(issued.stream)}
    entry, said = told[issued.seq]
    assert (entry.verb, entry.actor) == ("destroy", CLERK.person)
    assert (said.data["proposed_by"], said.data["approved_by"]) == (CLERK.person, PRESIDENT.person)
    assert (said.data["rule"], said.data["basis"]) == ("p_file", ["S31"])
    assert said.data["rows"] == {"parties": 1, "attachments": 1, "documents": 1}
    assert len(said.data["files"]) == 1


def test_done_once_a_second_run_does_nothing_more(engine, open_store, dossier, approved):
    engine.carry_out(CLERK, approved.id, SCHEDULE)
    again = engine.carry_out(CLERK, approved.id, SCHEDULE)
    assert (again.certificates, again.kept, again.files) == ((), (), 0)
    assert kept(engine, open_store, dossier) == ["kept_destroyed"]
    with refusal("dossier_destroyed"):
        engine.place_hold(PRESIDENT, dossier, ("dossier", ""), "再审")
    with refusal("dossier_destroyed"), open_store() as store:
        store.save_party(Party("p2", dossier, "B", NAME))
    with refusal("dossier_destroyed"):
        engine.begin(CLERK, "p", {}, Where(dossier=dossier))


def test_a_hold_placed_after_the_approval_still_keeps_it(engine, open_store, dossier, approved):
    hold = engine.place_hold(PRESIDENT, dossier, ("dossier", ""), "申诉")
    done = engine.carry_out(CLERK, approved.id, SCHEDULE)
    assert [(one, why.reasons[0].code) for one, why in done.kept] == [(dossier, "kept_on_hold")]
    engine.lift_hold(PRESIDENT, hold.id, "驳回申诉")
    assert engine.carry_out(CLERK, approved.id, SCHEDULE).certificates == ("XH2056-1",)


def test_interrupted_it_goes_on_where_it_stopped(engine, dossier, approved, blobs):
    blobs.broken = True
    with pytest.raises(Failed, match="pulled out"):
        engine.carry_out(CLERK, approved.id, SCHEDULE)
    assert list(blobs.digests())
    blobs.broken = False
    again = engine.carry_out(CLERK, approved.id, SCHEDULE)
    assert (again.certificates, again.files) == ((), 1)
    assert not list(blobs.digests())


def test_a_file_that_another_dossier_holds_stays(engine, open_store, dossier, approved, blobs):
    (digest,) = blobs.digests()
    scan = {"digest": digest, "name": "同一张.jpg", "type": "image/jpeg", "size": 4}
    with open_store() as store:
        store.save_dossier(Dossier("d9", "J9", "dispute", "", "court", START))
        store.add_attachment("d9", "clerk", scan)
    assert engine.carry_out(CLERK, approved.id, SCHEDULE).files == 0
    assert blobs.has(digest)


def test_a_destroyed_file_is_proved_gone_and_not_missed(engine, open_store, approved, blobs):
    (digest,) = blobs.digests()
    engine.carry_out(CLERK, approved.id, SCHEDULE)
    verdict = Prover(open_store, blobs).prove("blob", digest)
    assert verdict.same
    assert [one.code for one in verdict.breaks] == ["file_destroyed"]


def test_what_was_wiped_without_a_certificate_is_named(doomed, clock, blobs):
    engine = Engine(doomed.open, clock, {}, blobs)
    case_id = begin_case(engine, doomed.open, process("start -> end"))
    with doomed.open() as store:
        on = " ON payload" if store.connection.dialect.name == "postgresql" else ""
        store.connection.exec_driver_sql(f"DROP TRIGGER payload_erased_once{on}")
        store.erase(f"case:{case_id}", 0, "XH2026-1")
    verdict = Prover(doomed.open, blobs).prove("stream", f"case:{case_id}")
    assert not verdict.same
    assert [one.code for one in verdict.breaks] == ["not_replayable", "certificate_unknown"]


def test_every_table_under_the_guard_is_one_that_destroying_empties(open_store, dossier):
    emptied = {table.name for table, _ in parts_of(dossier)} | {"scans"}
    assert set(UNDER_CERTIFICATE) <= emptied
