"""Timers: when they are due, what they end, how they repeat, and clocks they follow."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from engine.errors import Conflict
from tests.builders import (
    BEGIN,
    boundary,
    catch,
    clock,
    end,
    extend,
    on_clock,
    par,
    process,
    release,
    script,
    timer,
    user,
)
from tests.playing import FACTS, Played, played

RULES = """
[accept]
zh = "答复"
en = "Answer"
unit = "days"
counting = "C6"
length = 3
starts = {zh = "收到", en = "receipt"}
""".encode()


def due(text: str, kind: str = "timeDuration", **values: object) -> datetime | None:
    case = played("start -> nap -> end", catch("nap", timer(text, kind)), **values)
    return case.last.timers[0].due if case.last.timers else None


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        ("PT5M", "timeDuration", BEGIN + timedelta(minutes=5)),
        ("P2D", "timeDuration", BEGIN + timedelta(days=2)),
        ("P1W", "timeDuration", BEGIN + timedelta(weeks=1)),
        ("P1M", "timeDuration", datetime(2026, 4, 2, 1, 0, tzinfo=UTC)),
        ("P1Y2M3DT4H", "timeDuration", datetime(2027, 5, 5, 5, 0, tzinfo=UTC)),
        ('duration("PT" + "5M")', "timeDuration", BEGIN + timedelta(minutes=5)),
        ("2026-04-01", "timeDate", datetime(2026, 3, 31, 16, 0, tzinfo=UTC)),
        ("2026-04-01T08:00:00Z", "timeDate", datetime(2026, 4, 1, 8, 0, tzinfo=UTC)),
        ("2026-04-01T08:00:00", "timeDate", datetime(2026, 4, 1, 0, 0, tzinfo=UTC)),
        ('date("2026-04-01")', "timeDate", datetime(2026, 3, 31, 16, 0, tzinfo=UTC)),
        ('today() + duration("P1D")', "timeDate", datetime(2026, 3, 2, 16, 0, tzinfo=UTC)),
    ],
)
def test_when_a_timer_is_due(text: str, kind: str, expected: datetime) -> None:
    assert due(text, kind) == expected


@pytest.mark.parametrize("text", ["P", "tomorrow", "PT1H30", "null"])
def test_a_text_that_is_no_time_is_an_incident(text: str) -> None:
    case = played("start -> nap -> end", catch("nap", timer(text)))
    assert case.last.incident
    assert case.last.incident.code == "timer_value"


def test_a_timer_fires_once_by_its_id() -> None:
    case = played("start -> nap -> ask -> end", catch("nap", timer("PT1H")), user("ask"))
    fired = case.last.timers[0].id
    assert case.wait(hours=1).open == ["ask"]
    with pytest.raises(Conflict, match="timer_not_waiting"):
        case.send("fire", fired)


def test_a_boundary_timer_ends_its_task() -> None:
    flows = "start -> ask -> end\nlate -> chase -> gone"
    case = played(
        flows, user("ask"), boundary("late", "ask", timer("PT1H")), user("chase"), end("gone")
    )
    assert case.wait(hours=1).open == ["chase"]
    assert case.do("chase").last.ended


@pytest.mark.parametrize("interrupting", [True, False])
def test_a_cycle_on_a_boundary(interrupting: bool) -> None:
    flows = "start -> ask -> end\nlate -> chase -> gone"
    cycle = boundary("late", "ask", timer("R3/PT1H", "timeCycle"), interrupting)
    case = played(flows, user("ask"), cycle, user("chase"), end("gone")).wait(hours=9)
    assert case.open == (["chase"] if interrupting else ["ask", "chase", "chase", "chase"])
    assert not case.last.timers


def test_an_endless_cycle_keeps_its_rhythm_and_new_ids() -> None:
    flows = "start -> ask -> end\nlate -> note -> gone"
    cycle = boundary("late", "ask", timer("R/2026-03-02T10:00:00+08:00/P1D", "timeCycle"), False)
    case = played(flows, user("ask"), cycle, script("note", "1"), end("gone"))
    ids = set()
    for _ in range(3):
        ids.add(case.last.timers[0].id)
        assert case.last.timers[0].due.hour == 2
        case.wait(days=1)
    assert len(ids) == 3
    assert case.passed("fired") == ["late"] * 3


def ruled(flows: str, *parts: str) -> Played:
    return Played(release(process(flows, *parts), {"shared/rules.toml": RULES})).start()


def test_a_clock_starts_and_ends_with_its_elements() -> None:
    marked = user("ask", extend(clock("accept", starts="enter", ends="done")))
    case = ruled("start -> ask -> then -> end", marked, user("then"))
    (running,) = case.last.clocks
    assert (running.rule, running.place.element) == ("accept", "ask")
    assert running.due == BEGIN + timedelta(days=3)
    case.wait(days=1).do("ask")
    assert case.last.clocks[0].ended_at == BEGIN + timedelta(days=1)


def test_a_clock_may_end_with_the_day_of_filing_but_never_later_than_now() -> None:
    for until, ended in (('today() - duration("P1D")', -9), ("today()", 0)):
        filed = clock("accept", starts="enter", ends="done", until=until)
        case = ruled("start -> ask -> then -> end", user("ask", extend(filed)), user("then")).do(
            "ask"
        )
        assert case.last.clocks[0].ended_at == BEGIN + timedelta(hours=ended)


def test_a_timer_follows_its_clock() -> None:
    marked = user("ask", extend(clock("accept", starts="enter")))
    case = ruled(
        "start -> ask -> end\nlate -> chase -> gone",
        marked,
        boundary("late", "ask", on_clock("accept")),
        user("chase"),
        end("gone"),
    )
    assert case.last.timers[0].due == case.last.clocks[0].due
    case.send("clock_paused", rule="accept")
    assert not case.last.timers
    case.wait(days=2).send("clock_resumed", rule="accept")
    assert case.last.timers[0].due == BEGIN + timedelta(days=5)
    case.send("clock_extended", rule="accept", until=BEGIN + timedelta(days=9))
    assert case.last.timers[0].due == BEGIN + timedelta(days=9)
    assert case.wait(days=9).open == ["chase"]


def test_clocks_end_with_their_case() -> None:
    case = ruled("start -> ask -> end", user("ask", extend(clock("accept", starts="enter"))))
    assert case.do("ask").last.clocks[0].ended_at == case.now


def test_a_clock_counts_from_the_date_an_expression_gives() -> None:
    marked = user("ask", extend(clock("accept", starts="enter", **{"from": 'date("2026-03-01")'})))
    (running,) = ruled("start -> ask -> end", marked).last.clocks
    assert running.started_at == datetime(2026, 2, 28, 16, 0, tzinfo=UTC)


def test_changed_facts_move_the_clock_and_its_timer() -> None:
    rules = RULES.replace(b"length = 3", b'setting = "answer_days"')
    flows = "start -> ask -> end\nlate -> gone"
    marked = user("ask", extend(clock("accept", starts="enter")))
    drawn = process(flows, marked, boundary("late", "ask", on_clock("accept")), end("gone"))
    case = Played(
        release(drawn, {"shared/rules.toml": rules}), replace(FACTS, settings={"answer_days": 3})
    )
    before = case.start().last.timers[0].due
    case.facts = replace(FACTS, digest="facts-1", settings={"answer_days": 5})
    case.send("facts_changed")
    assert case.last.timers[0].due == case.last.clocks[0].due == before + timedelta(days=2)


def test_a_clock_that_does_not_run_cannot_be_paused() -> None:
    with pytest.raises(Conflict, match="clock_not_running"):
        ruled("start -> ask -> end", user("ask")).send("clock_paused", rule="accept")


def test_a_timer_waits_until_its_clock_starts() -> None:
    flows = "start -> fork\nfork -> ask -> end\nfork -> late -> end"
    marked = user("ask", extend(clock("accept", starts="done")))
    case = ruled(flows, par("fork"), marked, catch("late", on_clock("accept")))
    assert not case.last.timers
    assert case.do("ask").last.timers[0].due == BEGIN + timedelta(days=3)


def test_a_timer_fires_at_its_very_instant_and_not_before() -> None:
    case = played("start -> nap -> end", catch("nap", timer("PT1H")))
    waiting = case.last.timers[0]
    case.now = waiting.due - timedelta(microseconds=1)
    with pytest.raises(Conflict, match="timer_not_due"):
        case.send("fire", waiting.id)
    case.now = waiting.due
    assert case.send("fire", waiting.id).last.ended
