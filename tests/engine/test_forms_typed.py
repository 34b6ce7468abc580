"""What people type becomes FEEL values, or a sentence beside the field."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest

from tests.engine.small_forms import LOCAL, LONG, MONEY, TEXT, code, shared, typed


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("  王五 ", "王五"),
        ("\u3000欧阳春\u3000", "欧阳春"),
        ("𫝀㑇", "𫝀㑇"),
        ("è", "è"),
        ("👍 同意", "👍 同意"),
    ],
)
def test_text_is_trimmed_and_normalised(given: str, kept: str) -> None:
    assert typed(TEXT, given) == kept


@pytest.mark.parametrize("bad", ["a\x00b", "a\x1bb", "a\nb", "\u202eabc", "\ud800", "a\x85b"])
def test_invisible_characters_are_refused(bad: str) -> None:
    assert code(TEXT, bad) == "form_control_character"


def test_long_text_keeps_its_lines() -> None:
    assert typed(LONG, "第一行\r\n\t第二行\r") == "第一行\n\t第二行"


def test_two_megabytes_are_too_long_at_once() -> None:
    assert code(LONG, "案" * 700_000) == "form_too_long"
    assert code(TEXT, "案" * 201) == "form_too_long"


@pytest.mark.parametrize(
    ("given", "amount"),
    [("12000", "12000.00"), ("￥１２，０００．５", "12000.50"), ("¥12,000.50元", "12000.50")],
)
def test_money_is_read_as_people_write_it(given: str, amount: str) -> None:
    assert str(typed(MONEY, given)) == amount


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ("-5", "form_too_small"),
        ("1.005", "form_money_places"),
        ("1,2,3", "form_not_number"),
        ("1e5", "form_not_number"),
        ("9" * 30, "form_number_too_long"),
        ("NaN", "form_not_number"),
        ("一万", "form_not_number"),
    ],
)
def test_money_that_is_none_is_refused(given: str, why: str) -> None:
    assert code(MONEY, given) == why


def test_money_may_be_negative_where_the_schema_says_so() -> None:
    assert typed({**MONEY, "minimum": -10}, "-5") == Decimal("-5.00")


@pytest.mark.parametrize(
    "given", ["2026-3-5", "2026年3月5日", "２０２６/３/５", "2026.03.05", "20260305"]
)
def test_dates_are_read_as_people_write_them(given: str) -> None:
    assert typed({"type": "string", "format": "date"}, given) == date(2026, 3, 5)


@pytest.mark.parametrize("given", ["2026-02-30", "昨天", "5/3/2026", "2026-3-5 10:00"])
def test_dates_that_do_not_exist_are_refused(given: str) -> None:
    assert code({"type": "string", "format": "date"}, given) == "form_not_date"


@pytest.mark.parametrize("given", ["9:05", "09:05", "9时5分", "９：０５", "09:05:00"])
def test_times(given: str) -> None:
    assert typed({"type": "string", "format": "time"}, given) == time(9, 5)


@pytest.mark.parametrize(
    "given",
    ["2026-03-05T14:30", "2026-3-5 14:30", "2026年3月5日14时30分", "2026-03-05T06:30:00Z"],
)
def test_moments_are_local(given: str) -> None:
    moment = typed({"type": "string", "format": "date-time"}, given)
    assert moment == datetime(2026, 3, 5, 14, 30, tzinfo=LOCAL)
    assert moment.utcoffset() == timedelta(hours=8)


@pytest.mark.parametrize(
    ("name", "given", "kept"),
    [
        ("id_card", "530102 19800508 0117", "530102198005080117"),
        ("uscc", "91110000600037341l", "91110000600037341L"),
        ("phone", "+86 138-7100-0001".replace("-", ""), "13871000001"),
        ("phone", "（0871）65012345".replace("）", "-"), "0871-65012345"),
        ("case_number", "(2026)渝0101诉前调1号", "（2026）渝0101诉前调1号"),
        ("case_number", "（2025）最高法民终12号之一", "（2025）最高法民终12号之一"),
    ],
)
def test_numbers_of_documents(name: str, given: str, kept: str) -> None:
    assert typed(shared(name), given) == kept


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("id_card", "530102198005080118"),
        ("id_card", "530102198002300117"),
        ("uscc", "911100006000373410"),
        ("phone", "12345"),
        ("case_number", "2026渝0101诉前调1号"),
        ("postcode", "9500"),
    ],
)
def test_numbers_that_cannot_be_right(name: str, given: str) -> None:
    assert code(shared(name), given) == f"form_format_{name}"
