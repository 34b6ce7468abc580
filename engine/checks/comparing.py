"""What is asked whether it holds: comparisons, tests, conditions, against what the two sides can be."""

from __future__ import annotations

from engine.feel import nodes
from engine.feel.nodes import Node, mentions

from .reading import TRUTH, Reading, shape_of
from .shapes import ANY, Shape, are_related, plain

Side = tuple[Node, Shape]
"""A part of an expression with what it can give."""


@shape_of.register
def _logic(node: nodes.Logic, at: Reading) -> Shape:
    for item in node.items:
        condition(item, at)
    return TRUTH


def condition(node: Node, at: Reading) -> None:
    """What is asked whether it holds is true or false."""
    want(TRUTH, (node, shape_of(node, at)), at)


def want(wanted: Shape, given: Side, at: Reading) -> None:
    """Something has to give one of these kinds; where nothing is known it may."""
    shape = given[1]
    if shape.kinds and wanted.kinds and shape.kinds.isdisjoint(wanted.kinds):
        at.tell("kinds_not_wanted", {"part": given, "wanted": (nodes.ListNode(()), wanted)})


@shape_of.register
def _compare(node: nodes.Compare, at: Reading) -> Shape:
    left, right = ((one, shape_of(one, at)) for one in (node.left, node.right))
    relation(node.operator, left, right, at)
    return TRUTH


def relation(operator: str, left: Side, right: Side, at: Reading) -> None:
    """Two sides can be compared, and a text that is asked for can be there."""
    if not are_related(operator, left[1], right[1]):
        at.tell("kinds_never_meet", {"left": left, "right": right})
    elif operator in ("=", "!="):
        _offered(left, right, at)
        _offered(right, left, at)


def _offered(asked: Side, held: Side, at: Reading) -> None:
    node = asked[0]
    if not isinstance(node, nodes.Literal) or not isinstance(node.value, str):
        return
    texts = held[1].texts
    if texts is not None and node.value not in texts and not isinstance(held[0], nodes.Literal):
        offered = ", ".join(sorted(texts))
        at.tell("text_never_offered", {"part": held}, asked=node.value, offered=offered)


@shape_of.register
def _between(node: nodes.Between, at: Reading) -> Shape:
    value = node.value, shape_of(node.value, at)
    for end in (node.low, node.high):
        relation("<=", value, (end, shape_of(end, at)), at)
    return TRUTH


@shape_of.register
def _in(node: nodes.In, at: Reading) -> Shape:
    value = node.value, shape_of(node.value, at)
    for test in node.tests:
        _test(value, test, at)
    return TRUTH


@shape_of.register
def _tests(node: nodes.Tests, at: Reading) -> Shape:
    value = nodes.Name("?"), at.names.get("?", ANY)
    for test in node.items:
        if mentions(test, "?"):
            condition(test, at)
        else:
            _test(value, test, at)
    return TRUTH


def _test(value: Side, test: Node, at: Reading) -> None:
    """One test of a value: a bound, a range, a list of values, a value, or what is true by itself."""
    if isinstance(test, nodes.Bound):
        relation(test.operator, value, (test.value, shape_of(test.value, at)), at)
    elif isinstance(test, nodes.RangeNode):
        for end in (test.low, test.high):
            relation("<=", value, (end, shape_of(end, at)), at)
    elif isinstance(test, nodes.ListNode):
        for item in test.items:
            _test(value, item, at)
    else:
        shape = shape_of(test, at)
        apart = {"list", "range", "boolean"}.isdisjoint(shape.kinds or {"list"})
        if apart and not value[1].has("list"):
            relation("=", value, (test, shape), at)


@shape_of.register
def _bound(node: nodes.Bound, at: Reading) -> Shape:
    shape_of(node.value, at)
    return plain("range")


@shape_of.register
def _range(node: nodes.RangeNode, at: Reading) -> Shape:
    relation("<=", (node.low, shape_of(node.low, at)), (node.high, shape_of(node.high, at)), at)
    return plain("range")
