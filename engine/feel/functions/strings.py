"""Built-in functions of texts. Regular expressions go through RE2, which cannot be made to hang."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from engine.feel.functions.conversion import write_value
from engine.feel.functions.registry import builtin
from engine.feel.limits import Run, check_characters, check_items
from engine.feel.numbers import whole
from engine.feel.patterns import pattern_of


@builtin("string length", "string: string")
def string_length(run: Run, string: str) -> Decimal:
    return Decimal(len(string))


@builtin("upper case", "string: string")
def upper_case(run: Run, string: str) -> str:
    run.spend(len(string) // 64)
    return string.upper()


@builtin("lower case", "string: string")
def lower_case(run: Run, string: str) -> str:
    run.spend(len(string) // 64)
    return string.lower()


@builtin("substring", "string: string, start position: number, length: number?")
def substring(run: Run, string: str, start: Decimal, length: Decimal | None = None) -> str | None:
    place, count = whole(start), len(string) if length is None else int(length)
    if not place or abs(place) > len(string) or count < 1:
        return None
    first = place - 1 if place > 0 else len(string) + place
    run.spend(len(string) // 64)
    return string[first : first + count]


@builtin("substring before", "string: string, match: string")
def substring_before(run: Run, string: str, match: str) -> str:
    run.spend(len(string) // 64)
    return string.partition(match)[0] if match and match in string else ""


@builtin("substring after", "string: string, match: string")
def substring_after(run: Run, string: str, match: str) -> str:
    run.spend(len(string) // 64)
    return string.partition(match)[2] if match else string


@builtin("contains", "string: string, match: string")
def contains(run: Run, string: str, match: str) -> bool:
    run.spend(len(string) // 64)
    return match in string


@builtin("starts with", "string: string, match: string")
def starts_with(run: Run, string: str, match: str) -> bool:
    return string.startswith(match)


@builtin("ends with", "string: string, match: string")
def ends_with(run: Run, string: str, match: str) -> bool:
    return string.endswith(match)


def _compiled(pattern: str, flags: Any) -> Any:
    return pattern_of(pattern, flags or "") if flags is None or isinstance(flags, str) else None


@builtin("matches", "input: string, pattern: string, flags: any?")
def matches(run: Run, text: str, pattern: str, flags: Any = None) -> bool | None:
    compiled = _compiled(pattern, flags)
    run.spend(len(text) // 16)
    return None if compiled is None else bool(compiled.search(text))


@builtin("replace", "input: string, pattern: string, replacement: string, flags: any?")
def replace(run: Run, text: str, pattern: str, replacement: str, flags: Any = None) -> str | None:
    compiled = _compiled(pattern, flags)
    if compiled is None:
        return None
    run.spend(len(text))
    check_characters(len(text) + (len(text) + 1) * len(replacement))
    literal = "q" in (flags or "")

    def expanded(match: Any) -> str:
        run.spend(5)
        return _expand(match, replacement, literal)

    return str(compiled.sub(expanded, text))


def _expand(match: Any, replacement: str, literal: bool) -> str:
    """XPath replacement: ``$n`` is a group, ``\\$`` and ``\\\\`` are themselves."""
    if literal:
        return replacement
    parts, index = [], 0
    while index < len(replacement):
        sign, follower = replacement[index], replacement[index + 1 : index + 2]
        index += 1
        if sign == "\\" and follower:
            parts.append(follower)
            index += 1
        elif sign == "$" and follower.isdigit():
            group = int(follower)
            parts.append((match.group(group) or "") if group <= match.re.groups else "")
            index += 1
        else:
            parts.append(sign)
    return "".join(parts)


@builtin("split", "string: string, delimiter: string")
def split(run: Run, string: str, delimiter: str) -> list[str] | None:
    compiled = pattern_of(delimiter, "")
    if compiled is None or not delimiter:
        return None
    run.spend(len(string))
    pieces, start = [], 0
    for match in compiled.finditer(string):
        run.spend(5)
        if match.end() > match.start():
            pieces.append(string[start : match.start()])
            start = match.end()
    check_items(len(pieces) + 1)
    return [*pieces, string[start:]]


@builtin(
    "string join",
    "list: list, delimiter: any?",
    "list: list, delimiter: any, prefix: any, suffix: any",
)
def string_join(
    run: Run, items: list[Any], delimiter: Any = None, prefix: Any = None, suffix: Any = None
) -> str | None:
    marks = [mark or "" for mark in (delimiter, prefix, suffix)]
    texts = [item for item in items if item is not None]
    if not all(isinstance(text, str) for text in texts + marks):
        return None
    run.spend(len(items))
    check_characters(sum(map(len, texts)) + len(texts) * len(marks[0]))
    return marks[1] + marks[0].join(texts) + marks[2]


@builtin("string", "from: any")
def string(run: Run, value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    run.weigh(value)
    text = write_value(value)
    check_characters(len(text))
    run.spend(len(text) // 16)
    return text
