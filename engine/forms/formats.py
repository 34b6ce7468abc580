"""The formats of text that a form knows: how each is written down and when it is right."""

from __future__ import annotations

import re
from collections.abc import Callable

from jsonschema import FormatChecker
from stdnum.cn import ric, uscc
from stdnum.exceptions import ValidationError

checker = FormatChecker(formats=())
MAINLAND = re.compile(r"1[3-9]\d{9}")
LANDLINE = re.compile(r"(0\d{2,3}-\d{7,8}|400-?\d{3}-?\d{4})(-\d{1,6})?")
CREDIT_CODE = re.compile(r"[0-9ANYG][0-9A-HJ-NP-RTUWXY]\d{6}[0-9A-HJ-NP-RTUWXY]{10}")
COURTS = "京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新兵军知海最"
CASE_NUMBER = re.compile(
    rf"（(19|20)\d{{2}}）[{COURTS}][\u4e00-\u9fff]{{0,2}}\d{{0,4}}[\u4e00-\u9fff]{{1,8}}\d{{1,7}}号"
    r"(之[一二三四五六七八九十]{1,3})?"
)
EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+")
REFERENCE = re.compile(r"[0-9A-Za-z_.:-]{1,64}")


def write_down(name: str, text: str) -> str:
    """A text of this format as it is kept: without the spaces and signs people put in between."""
    if name in ("id-card", "uscc"):
        return re.sub(r"[\s-]", "", text).upper()
    if name in ("phone", "mobile"):
        return re.sub(r"^(\+86|0086)-?", "", re.sub(r"[\s()（）]", "", text))
    if name == "case-number":
        return re.sub(r"\s", "", text).translate(str.maketrans("()〔〕[]", "（）（）（）"))
    return text


def _is(pattern: re.Pattern[str]) -> Callable[[object], bool]:
    return lambda value: bool(pattern.fullmatch(str(value)))


def _id_card(value: object) -> bool:
    """GB 11643: eighteen places, a day of birth that exists, the check digit.

    The area code is not looked up: numbers given out before an area was renamed stay valid.
    """
    number = str(value)
    if not re.fullmatch(r"[1-9]\d{16}[\dX]", number):
        return False
    try:
        ric.get_birth_date(number)
    except ValidationError:
        return False
    return bool(number[-1] == ric.calc_check_digit(number))


def _credit_code(value: object) -> bool:
    """GB 32100: eighteen places and the check digit; the first two may be letters."""
    number = str(value)
    if not CREDIT_CODE.fullmatch(number):
        return False
    return bool(number[-1] == uscc.calc_check_digit(number))


def _phone(value: object) -> bool:
    number = str(value)
    return bool(MAINLAND.fullmatch(number) or LANDLINE.fullmatch(number))


_RULES: dict[str, Callable[[object], bool]] = {
    "id-card": _id_card,
    "uscc": _credit_code,
    "phone": _phone,
    "mobile": _is(MAINLAND),
    "case-number": _is(CASE_NUMBER),
    "postcode": _is(re.compile(r"[0-8]\d{5}")),
    "area-code": _is(re.compile(r"[1-9]\d{5}(\d{3}|\d{6})?")),
    "email": _is(EMAIL),
    "person": _is(REFERENCE),
    "organisation": _is(REFERENCE),
}
for _name, _rule in _RULES.items():
    checker.checks(_name)(_rule)

FORMATS = {name: f"form_format_{name.replace('-', '_')}" for name in _RULES}
"""The code of the problem by format."""

REFERENCES = frozenset({"person", "organisation"})
"""Formats whose value is the id of a record in a register."""


def fits(name: str, value: str) -> bool:
    """Whether a text has this format; unknown formats fit nothing."""
    return name in _RULES and _RULES[name](value)
