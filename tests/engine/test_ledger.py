"""What the cases of a detention say in the columns of the ledger."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from engine.ledger import COLUMNS, Done, Told, ledger_row
from engine.model import Place, RunningClock

NOON = datetime(2026, 9, 28, 4, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def done(element, day, **values):
    pointers = {name.replace("__", "/"): value for name, value in values.items()}
    return Done("complete", element, NOON + day * DAY, "秦管教", pointers)


def inside(data, *completed, due=NOON + DAY):
    clock = RunningClock("first_talk", Place("first_talk"), NOON, due)
    return Told("detention_mediation", data, (clock,), completed)


def test_a_detention_being_prepared_has_the_court_that_prepares_it_and_little_else():
    intake = Told("detention_intake", {"case": {"org": "court"}, "detention": {"days": 10}})
    row = ledger_row("拘2026-00001", [intake])
    assert tuple(row) == COLUMNS
    said = [row[one] for one in ("court", "days", "in_at", "first_talk_on_time")]
    assert said == ["court", 10, None, None]


def test_a_first_talk_at_the_very_end_of_its_period_is_on_time():
    at = {"first_talk": {"at": NOON + DAY}}
    assert ledger_row("1", [inside(at)])["first_talk_on_time"] is True
    late = inside(at, due=NOON + DAY - timedelta(seconds=1))
    assert ledger_row("1", [late])["first_talk_on_time"] is False


def test_talks_are_those_completed_and_those_in_the_log():
    log = {"activity": {"log": [{"kind": "TALK"}, {"kind": "CARE"}]}}
    told = inside(log, done("first_talk", 0), done("hold_talk", 1))
    assert ledger_row("1", [told])["talks"] == 3


def test_every_session_names_who_took_part_once_and_where_it_was_recorded():
    sessions = [
        done("hold_mediation", day, __mediation__participants=rows, __mediation__recording=av)
        for day, rows, av in (
            (1, [{"name": "李长河"}], "AV-1"),
            (2, [{"name": "李长河"}, {"name": "陆衡"}], "AV-2"),
        )
    ]
    row = ledger_row("1", [inside({}, *sessions)])
    assert (row["sessions"], row["participants"]) == (2, ["李长河", "陆衡"])
    assert row["recordings"] == ["AV-1", "AV-2"]


def test_an_early_release_and_a_stop_are_told_apart():
    out = {"release": {"released_at": NOON}}
    early = Told("detention_exit", {"exit": {"reason": "EARLY"}, **out})
    stopped = Told("detention_exit", {"exit": {"reason": "STOP"}, **out})
    assert ledger_row("1", [early])["early_at"] == NOON
    row = ledger_row("1", [stopped])
    assert (row["early_release"], row["stopped"]) == (False, NOON)


def test_visits_follow_and_corrections_stay_visible():
    visit = done("visit_person", 9, __visit__at=NOON, __visit__state="STABLE")
    mended = Done("correct", "", NOON + DAY, "严督", {})
    row = ledger_row("1", [inside({}, mended), Told("follow_up", {}, (), [visit])])
    assert row["follow_ups"] == [{"at": NOON, "state": "STABLE"}]
    assert row["corrections"] == [{"at": NOON + DAY, "by": "严督"}]
