"""What an expression can give, read off its parts, and what in it can only ever give null."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from engine.feel import nodes
from engine.feel.calling import Builtin, Signature
from engine.feel.functions import BUILTINS
from engine.feel.temporal import PROPERTIES

from .comparing import condition, want
from .reading import LENGTH, NUMBER, TEXT, TRUTH, Fault, Reading, shape_of
from .shapes import (
    ANY,
    NULL,
    SAMPLES,
    Shape,
    combined,
    context_of,
    entry_of,
    join,
    joined,
    kind_of,
    list_of,
    may_be,
    negated,
    one_of,
    plain,
)

__all__ = ["Fault", "Reading", "shape_of", "want"]

RESULTS: Mapping[str, Shape] = {
    **dict.fromkeys(
        ("contains", "starts with", "ends with", "matches", "list contains", "odd", "even", "is"),
        TRUTH,
    ),
    **dict.fromkeys(("not", "all", "any", "before", "after", "includes", "during"), TRUTH),
    **dict.fromkeys(
        ("string", "upper case", "lower case", "substring", "replace", "string join"), TEXT
    ),
    **dict.fromkeys(("substring before", "substring after", "day of week", "month of year"), TEXT),
    **dict.fromkeys(("number", "count", "string length", "floor", "ceiling", "mean"), NUMBER),
    **dict.fromkeys(("round up", "round down", "round half up", "decimal", "modulo"), NUMBER),
    **dict.fromkeys(("sqrt", "exp", "log", "day of year", "week of year"), NUMBER),
    "split": list_of(TEXT),
    "date": plain("date"),
    "today": plain("date"),
    "time": plain("time"),
    "now": plain("date and time"),
    "date and time": plain("date and time"),
    "duration": LENGTH,
    "years and months duration": plain("years and months duration"),
}
"""What built-in functions give, where it is always the same."""


@shape_of.register
def _literal(node: nodes.Literal, at: Reading) -> Shape:
    if isinstance(node.value, str):
        return one_of({node.value})
    return plain(kind_of(node.value)) if node.value is not None else NULL


@shape_of.register
def _name(node: nodes.Name, at: Reading) -> Shape:
    return at.names.get(node.name, ANY)


@shape_of.register
def _path(node: nodes.Path, at: Reading) -> Shape:
    base = shape_of(node.base, at)
    found = _property(base, node.name)
    if base.is_told and found is None:
        at.tell("path_into_value", {"part": (node.base, base)}, entry=node.name)
    return found or NULL


def _property(base: Shape, name: str) -> Shape | None:
    """What stands behind a dot; None where nothing can."""
    if base.kinds is None:
        return ANY
    found = [one for kind in base.kinds if (one := _of_kind(base, kind, name)) is not None]
    return joined(found) if found else None


def _of_kind(base: Shape, kind: str, name: str) -> Shape | None:
    if kind == "context":
        return entry_of(base, name, NULL)
    if kind == "list":
        held = base.item or ANY
        inner = _property(held, name)
        return None if inner is None and held.is_told else list_of(inner or NULL)
    if kind == "range":
        return ANY
    classes = [type(value) for value in SAMPLES[kind]]
    return ANY if any(name in PROPERTIES.get(one, {}) for one in classes) else None


@shape_of.register
def _filter(node: nodes.Filter, at: Reading) -> Shape:
    base = shape_of(node.base, at)
    item = _items(base)
    asked = shape_of(node.condition, _within(item, at))
    want(join(TRUTH, NUMBER), (node.condition, asked), at)
    if asked.is_only("number"):
        return item
    return list_of(item) if asked.is_only("boolean") else join(item, list_of(item))


def _items(base: Shape) -> Shape:
    """What a list holds; what is no list counts as a list of itself."""
    if base.kinds is None:
        return ANY
    alone = replace(base, kinds=base.kinds - {"list"}, item=None)
    return join(alone, base.item or ANY) if base.has("list") else alone


def _within(item: Shape, at: Reading) -> Reading:
    """What a filter sees: entries of the items by their names, before the names around."""
    if item.kinds is None or (item.has("context") and item.is_open):
        return Reading({"item": item}, at.faults)
    inner = {name: join(one, at.names.get(name, NULL)) for name, one in item.entries.items()}
    return at.knowing({"item": item, **inner})


@shape_of.register
def _call(node: nodes.Call, at: Reading) -> Shape:
    given = [shape_of(argument, at) for argument in node.arguments]
    name = node.function.name if isinstance(node.function, nodes.Name) else ""
    function = BUILTINS.get(name) if name not in at.names else None
    if function is None:
        return ANY
    if function.takes(len(given), node.names) and not _is_taken(function, node.names, given):
        parts = {"part": (node, joined(given))}
        at.tell("kinds_not_taken", parts, function=name)
    return RESULTS.get(name, ANY)


def _is_taken(function: Builtin, names: tuple[str, ...], given: list[Shape]) -> bool:
    return any(
        all(
            may_be(shape, kind)
            for shape, kind in zip(given, _asked(one, names, given), strict=True)
        )
        for one in function.signatures
        if (set(names) <= set(one.names) if names else one.accepts(len(given)))
    )


def _asked(one: Signature, names: tuple[str, ...], given: list[Shape]) -> Iterator[str]:
    """The type of each argument; what repeats has the last one's."""
    for index in range(len(given)):
        place = one.names.index(names[index]) if names else min(index, len(one.kinds) - 1)
        yield one.kinds[place]


@shape_of.register
def _negate(node: nodes.Negate, at: Reading) -> Shape:
    value = shape_of(node.value, at)
    if value.kinds is None:
        return ANY
    found = negated(value.kinds)
    want(join(NUMBER, LENGTH), (node.value, value), at)
    return Shape(found)


@shape_of.register
def _arithmetic(node: nodes.Arithmetic, at: Reading) -> Shape:
    left, whole = shape_of(node.first, at), node.first
    for number, (sign, operand) in enumerate(node.rest):
        right = shape_of(operand, at)
        if left.kinds is None or right.kinds is None:
            left = ANY
        else:
            found = combined(sign, left.kinds, right.kinds)
            if left.kinds and right.kinds and not found:
                parts = {"left": (whole, left), "right": (operand, right)}
                at.tell("kinds_no_arithmetic", parts, sign=sign)
            left = Shape(found)
        whole = nodes.Arithmetic(node.first, node.rest[: number + 1])
    return left


@shape_of.register
def _if(node: nodes.If, at: Reading) -> Shape:
    condition(node.condition, at)
    return join(shape_of(node.then, at), shape_of(node.otherwise, at))


@shape_of.register
def _for(node: nodes.For, at: Reading) -> Shape:
    return list_of(shape_of(node.body, _iterated(node.iterations, at).knowing({"partial": ANY})))


@shape_of.register
def _quantified(node: nodes.Quantified, at: Reading) -> Shape:
    condition(node.condition, _iterated(node.iterations, at))
    return TRUTH


def _iterated(iterations: tuple[nodes.Iteration, ...], at: Reading) -> Reading:
    for one in iterations:
        source = shape_of(one.source, at)
        if one.last is not None:
            shape_of(one.last, at)
        spans = one.last is not None or source.has("range")
        at = at.knowing({one.name: ANY if spans else _items(source)})
    return at


@shape_of.register
def _context(node: nodes.ContextNode, at: Reading) -> Shape:
    entries: dict[str, Shape] = {}
    for key, value in node.entries:
        entries[key] = shape_of(value, at.knowing(entries))
    return context_of(entries)


@shape_of.register
def _list(node: nodes.ListNode, at: Reading) -> Shape:
    return list_of(joined(shape_of(item, at) for item in node.items))


@shape_of.register
def _instance(node: nodes.InstanceOf, at: Reading) -> Shape:
    shape_of(node.value, at)
    return TRUTH


@shape_of.register
def _function(node: nodes.FunctionNode, at: Reading) -> Shape:
    shape_of(node.body, at.knowing({name: ANY for name, _ in node.parameters}))
    return plain("function")
