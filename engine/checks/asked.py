"""Every expression that a procedure asks, read: of its diagram, its decision tables, its forms."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from engine.decisions import Decisions, read_decisions
from engine.decisions.model import InputData, Table
from engine.diagram import Diagram
from engine.errors import Invalid
from engine.feel import Expression, FeelError, parse, parse_unary
from engine.forms import Form, form_of

from .expressions import expressions
from .subject import Subject

START = "start"
"""The name of the form that starts a case."""
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


def forms_of(subject: Subject) -> Iterator[tuple[str, Form]]:
    """(task, its form), and that of the start; those that cannot be read have findings of their own."""
    tasks = [one.id for one in subject.diagram.nodes.values() if one.type == "userTask"]
    for name in (*tasks, START):
        with suppress(Invalid):
            form = form_of(subject.files, subject.folder + name)
            if form is not None:
                yield name, form


def in_forms(subject: Subject) -> Iterator[Asked]:
    """What its forms show, require, compute, check and offer by."""
    for name, form in forms_of(subject):
        yield from ((name, read) for _, read, _ in in_form(form))


def in_form(form: Form) -> Iterator[tuple[str, Expression, bool]]:
    """(pointer of the field or "", expression, whether it is asked if it holds)."""
    for field in form.sequence:
        conditions = (*field.shows, field.require, field.check, *(one for _, one in field.formats))
        values = (field.options, field.compute, field.initial)
        yield from ((field.pointer, read, True) for read in conditions if read)
        yield from ((field.pointer, read, False) for read in values if read)
    for item in form.items:
        yield from (("", read, True) for read in [getattr(item, "show", None)] if read)
        yield from (("", read, False) for read in [getattr(item, "rows", None)] if read)
    yield from (("", one.requires, True) for one in form.outcomes if one.requires)
    if form.party:
        given = (form.party.who, *form.party.given.values())
        yield from (("", read, False) for read in given if read)


def is_start(diagram: Diagram, element: str) -> bool:
    """What a start event asks, it asks of the message that starts a case."""
    return element in diagram.nodes and diagram.nodes[element].type == "startEvent"
