"""The schedule of keeping: which row keeps a dossier, until when, and everything else that keeps it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from engine.citations import cite
from engine.facts import Where, with_setting
from engine.model import Dossier, Organisation
from engine.model.retained import Filed, FiledCase, Hold
from engine.retention import judge, read_schedule, shortest
from engine.rules import read_rules
from engine.texts import text

BPMN = Path(__file__).parents[2] / "bpmn"
RULES = read_rules((BPMN / "shared" / "rules.toml").read_bytes())
CONTENT = (BPMN / "shared" / "retention.toml").read_bytes()
SCHEDULE = read_schedule(CONTENT, RULES)
COURT = Organisation("court", "法庭", "TRIBUNAL", area="500000")
CLOSED = datetime(2026, 3, 2, 1, tzinfo=UTC)
YEAR = timedelta(days=365)


def filed(*procedures: str, **rest) -> Filed:
    cases = [FiledCase(f"c{n}", name, "ended", CLOSED) for n, name in enumerate(procedures)]
    dossier = Dossier("d1", "J2026-1", "dispute", "", "court", CLOSED)
    nothing = {"documents": frozenset(), "holds": (), "pending": 0, "linked": ()}
    return Filed(dossier, cases, **(nothing | rest))


def kept(one: Filed, facts, at: datetime, schedule=SCHEDULE):
    return judge(one, schedule, (facts, COURT), at)


def codes(found):
    return [reason.code for reason in found.reasons]


def test_every_procedure_has_one_row_and_every_row_its_words_and_basis(facts):
    named = [procedure for row in SCHEDULE for procedure in row.procedures]
    assert sorted(named) == sorted(path.parent.name for path in BPMN.glob("*/process.bpmn"))
    for row in SCHEDULE:
        assert all(row.name.values())
        assert all(cite(facts.registers, ref) for ref in row.basis)


@pytest.mark.parametrize(
    ("procedures", "documents", "row", "last"),
    [
        (("mediation",), (), "mediation_file", date(2036, 3, 2)),
        (("mediation", "confirmation"), (), "court_short", date(2056, 3, 2)),
        (("confirmation",), ("sealed_ruling",), "court_long", date(2086, 3, 2)),
        (("detention_intake", "follow_up"), (), "detainee_file", date(2041, 3, 2)),
        (("appraisal",), (), "governance_file", date(2036, 3, 2)),
    ],
)
def test_the_longest_row_keeps_a_dossier(facts, procedures, documents, row, last):
    found = kept(filed(*procedures, documents=frozenset(documents)), facts, CLOSED)
    assert (found.keeping.id, codes(found)) == (row, ["kept_until"])
    assert found.reasons[0].params == {"day": last}


def test_the_period_is_over_with_its_last_day(facts):
    one = filed("mediation")
    over = datetime(2036, 3, 2, 16, tzinfo=UTC)
    assert codes(kept(one, facts, over - timedelta(seconds=1))) == ["kept_until"]
    assert codes(kept(one, facts, over)) == []


def test_an_office_sets_its_own_number_and_it_holds_for_files_that_are_there(facts):
    longer = with_setting(facts, "keep_mediation_file_years", 20, Where("organisation", "court"))
    at = CLOSED + 15 * YEAR
    assert codes(kept(filed("mediation"), facts, at)) == []
    assert codes(kept(filed("mediation"), longer, at)) == ["kept_until"]
    assert shortest(SCHEDULE, facts) == 10
    brief = with_setting(facts, "keep_mediation_file_years", 5, Where("organisation", "court"))
    assert shortest(SCHEDULE, brief) == 5


def test_a_row_holds_from_a_day_on(facts):
    later = CONTENT.replace(b'class = "own"\n', b'class = "own"\nfrom = 2040-01-01\n')
    schedule = read_schedule(later, RULES)
    one = filed("mediation")
    assert codes(kept(one, facts, CLOSED + 12 * YEAR, schedule)) == ["kept_without_rule"]
    assert codes(kept(one, facts, CLOSED + 15 * YEAR, schedule)) == []


def test_what_no_row_names_is_never_destroyed(facts):
    found = kept(filed("mediation", "brand_new"), facts, CLOSED + 200 * YEAR)
    assert codes(found) == ["kept_without_rule"]
    assert found.reasons[0].params == {"procedure": "brand_new"}


def test_a_permanent_row_keeps_for_ever(facts):
    forever = read_schedule(CONTENT.replace(b'rule = "keep_file_short"\n', b""), RULES)
    found = kept(filed("mediation", "review"), facts, CLOSED + 500 * YEAR, forever)
    assert codes(found) == ["kept_for_ever"]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"holds": (Hold("h", "d1", "dossier", "d1", "d1", "再审", "x", CLOSED),)}, "kept_on_hold"),
        ({"pending": 1}, "kept_pending"),
        ({"linked": ("J2026-2",)}, "kept_linked"),
        ({"certificate": "XH2026-1"}, "kept_destroyed"),
    ],
)
def test_what_keeps_a_dossier_whose_period_is_over(facts, changed, code):
    found = kept(filed("mediation", **changed), facts, CLOSED + 100 * YEAR)
    assert codes(found) == [code]
    for lang in ("zh", "en"):
        assert text(code, lang, found.reasons[0].params)


def test_a_running_case_keeps_it_and_starts_no_period(facts):
    one = filed("mediation", "performance")
    running = replace(one.cases[1], status="held", ended_at=CLOSED)
    found = kept(replace(one, cases=[one.cases[0], running]), facts, CLOSED + 100 * YEAR)
    assert (codes(found), found.due) == (["kept_open_case"], None)


def test_a_dossier_without_a_case_stays(facts):
    assert "kept_no_case" in codes(kept(filed(), facts, CLOSED))
