"""How the forms of one procedure fit together, and fit the conditions drawn around them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from engine.errors import Invalid
from engine.feel import nodes, parse
from engine.forms.form import Field, Form
from engine.model import Finding


def form_findings(
    forms: Mapping[str, Form], expressions: Iterable[tuple[str, str]]
) -> list[Finding]:
    """What does not fit between the forms (by task id) and the diagram's (element, FEEL) texts.

    Conditions ask for outcomes that a form has; one pointer holds one kind of value everywhere.
    """
    found = list(_outcomes(forms, expressions))
    return [*found, *_types(forms)]


def _outcomes(
    forms: Mapping[str, Form], expressions: Iterable[tuple[str, str]]
) -> Iterator[Finding]:
    for element, text in expressions:
        for task, asked in compared_outcomes(text):
            if task not in forms:
                continue
            offered = [outcome.id for outcome in forms[task].outcomes]
            if asked not in offered:
                params = {"task": task, "asked": asked, "offered": ", ".join(offered) or "—"}
                yield Finding("form_outcome_never", element, params=params)


def compared_outcomes(text: str) -> list[tuple[str, str]]:
    """(task, outcome) of every ``<task>.outcome = "x"`` or ``in ("x", "y")`` in an expression."""
    try:
        root = parse(text).node if text.strip() else None
    except Invalid:
        return []
    return [pair for node in walk(root) for pair in _compared(node)] if root else []


def walk(node: nodes.Node) -> Iterator[nodes.Node]:
    """A node and everything below it."""
    yield node
    for child in node.children():
        yield from walk(child)


def _compared(node: nodes.Node) -> Iterator[tuple[str, str]]:
    sides: list[tuple[nodes.Node, Iterable[nodes.Node]]] = []
    if isinstance(node, nodes.Compare) and node.operator in ("=", "!="):
        sides = [(node.left, [node.right]), (node.right, [node.left])]
    elif isinstance(node, nodes.In):
        sides = [(node.value, [part for test in node.tests for part in walk(test)])]
    for asked, values in sides:
        if isinstance(asked, nodes.Path) and asked.name == "outcome":
            task = asked.base.name if isinstance(asked.base, nodes.Name) else ""
            for value in values:
                if isinstance(value, nodes.Literal) and isinstance(value.value, str):
                    yield task, value.value


def _types(forms: Mapping[str, Form]) -> Iterator[Finding]:
    first: dict[str, tuple[str, Field]] = {}
    for task, form in sorted(forms.items()):
        for field in form.sequence:
            other, known = first.setdefault(field.pointer, (task, field))
            if known.kind != field.kind:
                yield _differ(
                    "form_type_differs", field.pointer, (task, field.kind), (other, known.kind)
                )
            elif field.kind == "rows" and _columns(field) != _columns(known) and not _has_id(field):
                ours, theirs = ", ".join(_columns(field)), ", ".join(_columns(known))
                yield _differ("form_rows_differ", field.pointer, (task, ours), (other, theirs))


def _columns(field: Field) -> list[str]:
    return sorted(column.name for column in field.columns)


def _has_id(field: Field) -> bool:
    return "id" in _columns(field)


def _differ(code: str, pointer: str, one: tuple[str, str], other: tuple[str, str]) -> Finding:
    params = {
        "pointer": pointer, "task": one[0], "kind": one[1], "other": other[0], "known": other[1],
    }  # fmt: skip
    return Finding(
        code, one[0], "warning" if code == "form_rows_differ" else "error", params=params
    )
