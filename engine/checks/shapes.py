"""What kinds of value something may be: FEEL kinds, the texts of an enumeration, entries and items."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import cache, reduce
from typing import Any

from engine.feel.comparing import Range, relate
from engine.feel.nodes import Type
from engine.feel.operators import OPERATORS, negate
from engine.feel.types import ALIASES, CHECKS, Function, coerce
from engine.lexical import Months

Kinds = frozenset[str]


@dataclass(frozen=True, slots=True)
class Shape:
    """One of ``kinds`` (names of FEEL types) or null; ``kinds`` None: nothing is known.

    ``texts``: the only texts it can be, None: any. ``entries``: of a context; others than these are
    unknown if ``is_open``, else null. ``item``: what a list holds, None: nothing is known.
    """

    kinds: Kinds | None = None
    texts: Kinds | None = None
    entries: Mapping[str, Shape] = field(default_factory=dict)
    is_open: bool = True
    item: Shape | None = None

    def has(self, kind: str) -> bool:
        return self.kinds is not None and kind in self.kinds

    def is_only(self, kind: str) -> bool:
        return self.kinds is not None and self.kinds == frozenset({kind})

    @property
    def is_told(self) -> bool:
        """Whether it is known to be something of a known kind, when it is not null."""
        return bool(self.kinds)


ANY = Shape()
NULL = Shape(frozenset())


def plain(*kinds: str) -> Shape:
    return Shape(frozenset(kinds))


def one_of(texts: Iterable[str]) -> Shape:
    return Shape(frozenset({"string"}), frozenset(texts))


def list_of(item: Shape) -> Shape:
    return Shape(frozenset({"list"}), item=item)


def context_of(entries: Mapping[str, Shape], is_open: bool = False) -> Shape:
    return Shape(frozenset({"context"}), entries=entries, is_open=is_open)


def join(one: Shape, other: Shape) -> Shape:
    """What may be either."""
    if one.kinds is None or other.kinds is None:
        return ANY
    entries, is_open = _entries(one, other)
    return Shape(one.kinds | other.kinds, _texts(one, other), entries, is_open, _item(one, other))


def joined(shapes: Iterable[Shape]) -> Shape:
    """What may be any of them; null where there are none."""
    return reduce(join, shapes, NULL)


def _texts(one: Shape, other: Shape) -> Kinds | None:
    holders = [shape.texts for shape in (one, other) if shape.has("string")]
    known = [texts for texts in holders if texts is not None]
    return frozenset().union(*known) if known and len(known) == len(holders) else None


def _entries(one: Shape, other: Shape) -> tuple[Mapping[str, Shape], bool]:
    if not (one.has("context") and other.has("context")):
        held = one if one.has("context") else other
        return held.entries, held.is_open
    entries = {
        name: join(entry_of(one, name, NULL), entry_of(other, name, NULL))
        for name in sorted(one.entries.keys() | other.entries.keys())
    }
    return entries, one.is_open or other.is_open


def entry_of(shape: Shape, name: str, otherwise: Shape) -> Shape:
    """One entry of a context; ``otherwise`` where it is known to have none."""
    return shape.entries.get(name, ANY if shape.is_open else otherwise)


def _item(one: Shape, other: Shape) -> Shape | None:
    if one.has("list") and other.has("list"):
        return join(one.item or ANY, other.item or ANY)
    return one.item if one.has("list") else other.item


# What the operators of the language do with kinds: tried on a value or two of each -------------

_MOMENT = datetime(2026, 1, 15, 8, tzinfo=UTC)
SAMPLES: Mapping[str, tuple[Any, ...]] = {
    "string": ("a",),
    "number": (Decimal(2),),
    "boolean": (True,),
    "date": (date(2026, 1, 15),),
    "time": (time(8, tzinfo=UTC), time(8)),
    "date and time": (_MOMENT, _MOMENT.replace(tzinfo=None)),
    "days and time duration": (timedelta(days=2),),
    "years and months duration": (Months(2),),
    "list": ([],),
    "context": ({},),
    "range": (Range(Decimal(1), Decimal(2)),),
    "function": (Function(),),
}


def kind_of(value: Any) -> str:
    """The FEEL type of a value; "" of null."""
    return next((name for name in SAMPLES if CHECKS[name](value)), "")


def combined(sign: str, left: Kinds, right: Kinds) -> Kinds:
    """What ``left sign right`` can give."""
    return frozenset().union(*(_combined(sign, a, b) for a in left for b in right))


@cache
def _combined(sign: str, left: str, right: str) -> Kinds:
    return _kinds(OPERATORS[sign](a, b) for a in SAMPLES[left] for b in SAMPLES[right])


def negated(kinds: Kinds) -> Kinds:
    """What a minus before it can give."""
    return _kinds(negate(value) for kind in kinds for value in SAMPLES[kind])


def _kinds(values: Iterable[Any]) -> Kinds:
    return frozenset(map(kind_of, values)) - {""}


def are_related(operator: str, left: Shape, right: Shape) -> bool:
    """Whether ``left operator right`` can give true or false; where nothing is known it can."""
    if not left.kinds or not right.kinds:
        return True
    return any(_related(operator, a, b) for a in left.kinds for b in right.kinds)


@cache
def _related(operator: str, left: str, right: str) -> bool:
    pairs = ((a, b) for a in SAMPLES[left] for b in SAMPLES[right])
    return any(relate(operator, a, b) is not None for a, b in pairs)


def may_be(shape: Shape, kind: str) -> bool:
    """Whether a value may stand where a function asks for this type; lists of one give their item."""
    if not shape.kinds or ALIASES.get(kind, kind) not in CHECKS or shape.has("list"):
        return True
    return any(coerce(value, Type(kind))[0] for held in shape.kinds for value in SAMPLES[held])
