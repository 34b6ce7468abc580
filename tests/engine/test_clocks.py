"""Stories and laws of the legal periods."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from engine.clocks import Due, Rule, compute, explain, read_rules, reminders
from engine.errors import Invalid
from engine.facts import build_facts, with_day, with_setting
from engine.model import Facts
from engine.workdays import CHINA, DAY, calendar_of, day_end, local_day

SHARED = Path(__file__).parents[2] / "bpmn" / "shared"
RULES = read_rules((SHARED / "rules.toml").read_bytes())


@cache
def published() -> Facts:
    return build_facts(SHARED)


def china(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=CHINA).astimezone(UTC)  # type: ignore[arg-type]


def due(rule: str, started: date | datetime, **more: object) -> Due:
    return compute(RULES[rule], started, published(), **more)  # type: ignore[arg-type]


def last_day(end: Due) -> date:
    """The local day whose 24:00 is the end."""
    return local_day(end.due_at - timedelta(microseconds=1))


# C1 and C2 ------------------------------------------------------------------------------------


def test_the_trigger_day_is_not_counted() -> None:
    assert due("mediate_before_filing", china(2026, 6, 1, 16)).due_at == day_end(date(2026, 7, 1))


def test_a_last_day_on_a_holiday_moves_behind_it() -> None:
    assert last_day(due("mediate_before_filing", date(2026, 3, 6))) == date(2026, 4, 7)


def test_a_make_up_working_sunday_is_no_day_of_rest() -> None:
    end = due("file_or_refuse_suit", date(2026, 9, 13))
    assert last_day(end) == date(2026, 9, 20)
    assert date(2026, 9, 20).weekday() == 6


def test_statutory_hours_run_from_the_next_whole_hour() -> None:
    end = due("rule_on_preservation", china(2026, 9, 30, 10, 20))
    assert end.due_at == china(2026, 10, 2, 11)


def test_an_exact_hour_is_not_counted_either() -> None:
    assert due("rule_on_preservation", china(2026, 9, 30, 10)).due_at == china(2026, 10, 2, 11)


def test_a_month_without_that_day_ends_on_its_last_one() -> None:
    end = due("third_party_objection", date(2025, 8, 31))
    assert end.due_at == day_end(date(2026, 2, 28))


def test_two_years_from_leap_day() -> None:
    assert last_day(due("apply_enforcement", date(2024, 2, 29))) == date(2026, 2, 28)


# C5, C6, C7 -----------------------------------------------------------------------------------


def test_working_days_skip_the_national_holiday() -> None:
    assert last_day(due("accept_referral", date(2026, 9, 30))) == date(2026, 10, 10)


def test_a_referral_on_saturday_counts_from_monday() -> None:
    assert last_day(due("choose_mediator", date(2026, 6, 6))) == date(2026, 6, 9)


def test_detention_from_3_may_for_5_days_ends_on_8_may() -> None:
    end = due("detention_term", china(2026, 5, 3, 9, 30), length=5)
    assert end.due_at == china(2026, 5, 8, 9, 30)


def test_a_province_may_release_by_the_end_of_the_day() -> None:
    facts = with_setting(published(), "release_hour", "day_end")
    end = compute(RULES["detention_term"], china(2026, 5, 3, 9, 30), facts, length=5)
    assert end.due_at == day_end(date(2026, 5, 8))


def test_leave_is_not_counted_in_the_detention() -> None:
    leave = (china(2026, 5, 4, 8), china(2026, 5, 6, 20))
    end = due("detention_term", china(2026, 5, 3, 9, 30), length=5, pauses=[leave])
    assert end.due_at == china(2026, 5, 10, 21, 30)


def test_the_first_talk_is_due_to_the_minute() -> None:
    assert due("first_talk", china(2026, 9, 30, 10, 20)).due_at == china(2026, 10, 1, 10, 20)


# Settings, extension, pauses ------------------------------------------------------------------


def test_a_design_period_follows_its_setting() -> None:
    facts = with_setting(published(), "supplement_days", 2)
    end = compute(RULES["supplement_materials"], date(2026, 6, 8), facts)
    assert last_day(end) == date(2026, 6, 10)


def test_an_agreed_extension_wins_through_its_last_day() -> None:
    end = due("mediate_before_filing", date(2026, 6, 1), extended_to=date(2026, 8, 1))
    assert end.due_at == day_end(date(2026, 8, 1))
    assert "延长至8月1日（各方当事人同意可以延长）" in explain(end, "zh")


def test_appraisal_stops_the_clock_by_its_days() -> None:
    appraisal = (china(2026, 6, 10, 9), china(2026, 6, 20, 17))
    end = due("mediate_before_filing", date(2026, 6, 1), pauses=[appraisal])
    assert last_day(end) == date(2026, 7, 13)  # 11 July is a Saturday
    assert "6月10日至6月20日中止计算" in explain(end, "zh")


def test_an_open_pause_says_that_it_stands_still() -> None:
    end = due("mediate_before_filing", date(2026, 6, 1), pauses=[(china(2026, 6, 10), None)])
    assert end.paused
    assert "stopped since 10 June" in explain(end, "en")


def test_a_bound_without_a_clock_cannot_run() -> None:
    with pytest.raises(Invalid, match="clock_without_period"):
        due("family_visit", date(2026, 6, 1))


@pytest.mark.parametrize("length", [-1, 36_526, 10**30])
def test_a_length_out_of_reason_is_refused(length: int) -> None:
    with pytest.raises(Invalid, match="clock_length"):
        due("detention_term", date(2026, 6, 1), length=length)


def test_a_date_beyond_all_calendars_is_refused() -> None:
    with pytest.raises(Invalid, match="clock_out_of_range"):
        due("apply_enforcement", date(2026, 6, 1), length=9_000)


# Unknown years, corrected calendars -----------------------------------------------------------


def test_an_unpublished_year_gives_a_provisional_date() -> None:
    end = due("third_party_objection", date(2026, 8, 31))
    assert end.provisional
    assert "2027年放假安排尚未公布，暂算" in explain(end, "zh")


def test_a_corrected_calendar_moves_the_end() -> None:
    facts = with_day(published(), "CN", date(2026, 7, 1), "off")
    end = compute(RULES["mediate_before_filing"], date(2026, 6, 1), facts)
    assert last_day(end) == date(2026, 7, 2)


# Explanations ---------------------------------------------------------------------------------


def test_every_date_explains_itself() -> None:
    end = due("file_or_refuse_suit", date(2026, 3, 29))
    assert explain(end, "zh") == (
        "3月29日收到起诉材料，当日不计；期间7日；最后一日4月5日是法定休假日，顺延至4月7日；"
        "民事诉讼法第126条、民诉法解释第126条、民事诉讼法第85条"
    )
    assert explain(end, "en") == (
        "complaint received 29 March, not counted; 7 days; "
        "the last day 5 April is a holiday, moved to 7 April; "
        "CPL 126, CPL Interpretation 126, CPL 85"
    )


@pytest.mark.parametrize("rule", [rule for rule in RULES.values() if rule.unit != "limit"])
def test_every_rule_computes_and_speaks_both_languages(rule: Rule) -> None:
    end = compute(rule, china(2026, 6, 1, 10, 20), published())
    assert explain(end, "zh")
    assert explain(end, "en").isascii()


def test_reminders_come_at_half_at_four_fifths_and_at_the_end() -> None:
    start = china(2026, 6, 1)
    plan = reminders(RULES["first_talk"], start, start + timedelta(hours=20))
    assert [(percent, (at - start) // timedelta(hours=1)) for percent, at in plan] == [
        (50, 10),
        (80, 16),
        (100, 20),
    ]


# Laws -----------------------------------------------------------------------------------------

DAYS = st.dates(date(2004, 1, 1), date(2030, 12, 31))
MOMENTS = st.datetimes(datetime(2004, 1, 1), datetime(2030, 12, 31)).map(  # noqa: DTZ001
    lambda moment: moment.replace(tzinfo=CHINA)
)
LENGTHS = st.integers(0, 120)
COUNTED = st.sampled_from(["mediate_before_filing", "accept_referral", "detention_term"])
CALENDAR = calendar_of(published().calendars)


@given(COUNTED, DAYS, LENGTHS, st.integers(0, 40))
def test_a_later_start_or_a_longer_period_never_ends_earlier(
    rule: str, day: date, length: int, more: int
) -> None:
    first = due(rule, day, length=length).due_at
    assert due(rule, day, length=length + more).due_at >= first
    assert due(rule, day + DAY * more, length=length).due_at >= first


@given(DAYS, LENGTHS)
def test_a_rolled_end_is_the_first_working_day_from_the_nominal_end(day: date, length: int) -> None:
    end, nominal = last_day(due("mediate_before_filing", day, length=length)), day + DAY * length
    assert not CALENDAR.rests(end)
    assert all(CALENDAR.rests(nominal + DAY * n) for n in range((end - nominal).days))


@given(DAYS, st.integers(1, 120))
def test_working_day_periods_hold_so_many_working_days(day: date, length: int) -> None:
    end = last_day(due("accept_referral", day, length=length))
    assert CALENDAR.count_working_days(day, end) == length
    assert not CALENDAR.rests(end)


@given(MOMENTS, st.integers(1, 15))
def test_detention_is_always_d_plus_n(moment: datetime, days: int) -> None:
    assert due("detention_term", moment, length=days).due_at == moment + DAY * days


@given(MOMENTS, LENGTHS)
def test_strict_hours_ignore_every_calendar(moment: datetime, hours: int) -> None:
    end = due("first_talk", moment, length=hours)
    assert end.due_at - moment == timedelta(hours=hours)
    assert not end.provisional


@given(DAYS, LENGTHS, st.integers(0, 120), st.integers(0, 60))
def test_pausing_n_days_moves_the_nominal_end_by_n_days(
    day: date, length: int, after: int, days: int
) -> None:
    assume(after <= length)
    pause = (day_end(day + DAY * after) - DAY, day_end(day + DAY * (after + days)) - DAY)
    moved = due("mediate_before_filing", day, length=length, pauses=[pause])
    assert moved.due_at == due("mediate_before_filing", day, length=length + days).due_at


@given(DAYS, st.integers(1, 40), st.integers(0, 30), st.integers(0, 20))
def test_a_pause_costs_a_working_day_period_its_working_days_only(
    day: date, length: int, after: int, days: int
) -> None:
    since = day + DAY * after
    assume(since <= CALENDAR.add_working_days(day, length))
    pause = (day_end(since) - DAY, day_end(since + DAY * days) - DAY)
    end = last_day(due("accept_referral", day, length=length, pauses=[pause]))
    lost = CALENDAR.count_working_days(since, since + DAY * days)
    assert CALENDAR.count_working_days(day, end) == length + lost


@given(MOMENTS, st.integers(1, 15), st.floats(0, 14), st.floats(0, 5))
def test_leave_moves_the_release_by_exactly_its_length(
    moment: datetime, days: int, after: float, length: float
) -> None:
    assume(after < days)
    leave = (moment + DAY * after, moment + DAY * (after + length))
    end = due("detention_term", moment, length=days, pauses=[leave])
    assert end.due_at == moment + DAY * days + (leave[1] - leave[0])


@given(DAYS, st.integers(1, 40), st.lists(st.tuples(st.integers(0, 60), st.integers(0, 9))))
def test_the_order_and_overlap_of_pauses_do_not_matter(
    day: date, length: int, spans: list[tuple[int, int]]
) -> None:
    start = day_end(day)
    pauses = [(start + DAY * a, start + DAY * (a + n)) for a, n in spans]
    forward = due("mediate_before_filing", day, length=length, pauses=pauses)
    again = due("mediate_before_filing", day, length=length, pauses=pauses[::-1] + pauses)
    assert forward.due_at == again.due_at


@given(DAYS, LENGTHS)
def test_a_date_is_provisional_exactly_when_its_year_is_unknown(day: date, length: int) -> None:
    end = due("mediate_before_filing", day, length=length)
    assert end.provisional == (last_day(end).year > 2026)
