"""The codec: every FEEL value survives the journal, and its bytes never change."""

from datetime import UTC, date, time, timedelta, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import Invalid
from engine.lexical import (
    Months,
    format_duration,
    parse_datetime,
    parse_duration,
    parse_months,
    parse_time,
)
from engine.values import canonical, from_json, to_json

zones = st.sampled_from([None, UTC, timezone(timedelta(hours=8)), ZoneInfo("Asia/Shanghai")])
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.decimals(allow_nan=False, allow_infinity=False),
    texts,
    st.dates(),
    st.builds(lambda clock, zone: clock.replace(tzinfo=zone, fold=0), st.times(), zones),
    st.builds(lambda moment, zone: moment.replace(tzinfo=zone, fold=0), st.datetimes(), zones),
    st.timedeltas(),
    st.integers(-(10**9), 10**9).map(Months),
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts | st.just("$n"), inner),
    max_leaves=20,
)


@settings(deadline=None)
@given(values)
def test_every_value_comes_back(value):
    assert repr(from_json(to_json(value))) == repr(from_json(to_json(from_json(to_json(value)))))
    assert from_json(to_json(value)) == value


@settings(deadline=None)
@given(values)
def test_its_bytes_stay(value):
    assert canonical(from_json(to_json(value))) == canonical(value)


@settings(deadline=None)
@given(st.dictionaries(texts, st.booleans(), min_size=2))
def test_the_order_of_entries_does_not_matter(context):
    assert canonical(dict(reversed(context.items()))) == canonical(context)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (Decimal(3), b"3"),
        (Decimal(2**53 - 1), b"9007199254740991"),
        (Decimal(2**53), b'{"$n":"9007199254740992"}'),
        (Decimal("12.50"), b'{"$n":"12.50"}'),
        (date(2026, 3, 1), b'{"$d":"2026-03-01"}'),
        (time(9, 30, tzinfo=UTC), b'{"$t":"09:30:00Z"}'),
        (parse_datetime("2026-03-01T09:30:00+08:00"), b'{"$dt":"2026-03-01T09:30:00+08:00"}'),
        (timedelta(days=1, hours=2), b'{"$dur":"P1DT2H"}'),
        (Months(-14), b'{"$ym":"-P1Y2M"}'),
        ({"$d": True}, b'{"$map":[["$d",true]]}'),
        ({"乙": 1, "甲": 2}, '{"乙":1,"甲":2}'.encode()),
    ],
)
def test_how_a_value_is_written(value, written):
    assert canonical(value) == written


@pytest.mark.parametrize("value", [1.5, {1: 2}, object(), Decimal("NaN"), {"a": [b"x"]}])
def test_what_is_no_value_is_refused(value):
    with pytest.raises(Invalid):
        to_json(value)


def test_a_lone_surrogate_cannot_be_hashed():
    with pytest.raises(Invalid, match="value_unstorable"):
        canonical("\ud800")


def test_data_nested_without_end_is_refused():
    nested: list = []
    for _ in range(200):
        nested = [nested]
    with pytest.raises(Invalid, match="value_too_deep"):
        to_json(nested)


@pytest.mark.parametrize(
    "plain",
    [{"$d": "2026-02-30"}, {"$n": "x"}, {"$q": "1"}, {"$d": 3}, {"$map": 4}, {"$d": "a", "b": 1}],
)
def test_a_broken_tag_is_refused(plain):
    with pytest.raises(Invalid, match="value_malformed"):
        from_json(plain)


@settings(deadline=None)
@given(st.timedeltas())
def test_durations_read_as_written(length):
    assert parse_duration(format_duration(length)) == length


@pytest.mark.parametrize(
    ("parse", "text"),
    [
        (parse_time, "25:00:00"),
        (parse_time, "10:00"),
        (parse_time, "10:00:00@Nowhere/Land"),
        (parse_time, "10:00:00@Asia"),
        (parse_time, "10:00:00+15:00"),
        (parse_datetime, "2026-03-01 10:00:00"),
        (parse_duration, "P"),
        (parse_duration, "P1DT"),
        (parse_duration, "P1Y"),
        (parse_months, "P1D"),
        (parse_months, "P"),
    ],
)
def test_texts_that_are_no_moment(parse, text):
    with pytest.raises(ValueError):  # noqa: PT011
        parse(text)


@settings(deadline=None)
@given(values)
def test_its_bytes_are_rfc_8785(value):
    assert canonical(value) == rfc8785.dumps(to_json(value))


def test_keys_beyond_the_basic_plane_sort_as_rfc_8785_wants():
    value = {"\U00020000": "𠀀", "\ufb01": "ﬁ", "\x7f\x01": "\u2028"}
    assert canonical(value) == rfc8785.dumps(value)
