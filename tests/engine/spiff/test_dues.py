"""By when an open task has to be done."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from engine.model import OpenTask, Place, RunningClock
from engine.rules import read_rules
from engine.spiff.dues import dues_of

START = datetime(2026, 3, 2, tzinfo=UTC)
ROW = 'zh = "期限"\nen = "Period"\nunit = "days"\nlength = 3\ncounting = "C1"\nbasis = []\n'
BREACHES = {"talk": "breach_record", "plan": "alarm", "window": "barred", "target": "statistic"}
RULES = read_rules(
    "\n".join(f'[{id}]\n{ROW}on_breach = "{how}"' for id, how in BREACHES.items()).encode()
)


def clock(rule, days, element="begun"):
    return RunningClock(rule, Place(element), START, START + timedelta(days=days))


def due(element, *clocks, **named):
    task = OpenTask("t", Place(element), "DC_OFFICER")
    found = dues_of([task], clocks, {key: {rule} for key, rule in named.items()}, RULES)
    return found["t"].rule if found else ""


def test_a_task_meets_the_period_that_it_begins_or_ends():
    clocks = clock("talk", 1), clock("plan", 9)
    assert due("write_plan", *clocks, write_plan="plan") == "plan"
    assert due("explain", clock("talk", 1), clock("plan", 9, "explain")) == "plan"


def test_any_other_task_meets_the_next_of_its_case():
    assert due("assign_team", clock("plan", 9), clock("talk", 1)) == "talk"


def test_nobody_is_late_by_a_partys_window_but_the_step_that_keeps_it():
    assert due("track", clock("window", 1)) == ""
    assert due("register", clock("window", 1), register="window") == "window"


def test_nobody_is_late_by_a_target_kept_for_statistics():
    assert due("decide", clock("target", 1), decide="target") == ""
    assert due("decide", clock("target", 1), clock("plan", 9), decide="target") == "plan"
