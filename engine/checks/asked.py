"""Every expression that a procedure asks, read: of its diagram, its decision tables, its forms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from engine.decisions import Decisions, read_decisions
from engine.decisions.model import InputData, Table
from engine.errors import Invalid
from engine.feel import Expression, FeelError, parse, parse_unary
from engine.forms import form_of

from .expressions import expressions
from .subject import Subject

Asked = tuple[str, Expression]
"""An element and an expression that it asks; what cannot be read has findings of its own."""


def in_diagram(subject: Subject) -> Iterator[Asked]:
    """Conditions, timers, scripts, parameters, keys, loops."""
    for element, text in expressions(subject.diagram):
        if text:
            try:
                yield element, parse(text)
            except FeelError:
                continue


def in_tables(subject: Subject) -> Iterator[tuple[str, Expression, frozenset[str]]]:
    """Inputs, tests and outputs of the tables that tasks ask, with the names of their input data."""
    for node in subject.diagram.nodes.values():
        held = decisions_of(subject, node.decision) if node.decision else None
        if held is None:
            continue
        elements = held.main.elements.values()
        given = frozenset(one.name for one in elements if isinstance(one, InputData))
        for one in elements:
            table = getattr(one, "logic", None)
            if isinstance(table, Table):
                for expression in _of_table(table, held.types.names):
                    yield node.id, expression, given


def _of_table(table: Table, names: frozenset[str]) -> Iterator[Expression]:
    yield from (parse(column.text, names) for column in table.inputs if column.text)
    for rule in table.rules:
        yield from (parse_unary(text, names) for text in rule.tests if text)
        yield from (parse(text, names) for text in rule.outputs if text)


def decisions_of(subject: Subject, decision: str) -> Decisions | None:
    """The file of a decision; None where there is none or it cannot be read."""
    try:
        return read_decisions(subject.own(f"{decision}.dmn") or b"")
    except Invalid:
        return None


def in_forms(subject: Subject) -> Iterator[Asked]:
    """What the forms of its tasks show, require, compute, check and offer by."""
    for node in subject.diagram.nodes.values():
        if node.type != "userTask":
            continue
        try:
            form = form_of(subject.files, subject.folder + node.id)
        except Invalid:
            continue
        yield from ((node.id, found) for found in _within(form))


def _within(value: Any) -> Iterator[Expression]:
    if isinstance(value, Expression):
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from _within(part)
    elif is_dataclass(value) and not isinstance(value, type):
        parts = (getattr(value, one.name) for one in fields(value))
        for part in parts:
            yield from _within(part) if not isinstance(part, Mapping) else ()
