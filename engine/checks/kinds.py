"""Do expressions fit what the data can be: no kind compared with another, no text never offered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.decisions import Decisions
from engine.decisions.model import Table
from engine.diagram import Diagram, MultiInstance, Node
from engine.feel import Expression, FeelError, parse, parse_unary
from engine.feel.functions.conversion import write_value
from engine.feel.names import dotted
from engine.feel.nodes import Literal
from engine.feel.nodes import Node as Part
from engine.model import Bilingual, Finding
from engine.spiff.timers import is_literal
from engine.texts import Lang
from engine.texts import text as text_of

from .asked import decisions_of, forms_of, in_diagram, in_form, is_start
from .expressions import LANGS
from .inferring import Fault, Reading, shape_of, want
from .known import as_declared, inputs_of, known_data, of_field, outcomes_of
from .reading import DAY, LENGTH, NUMBER, TEXT, TRUTH
from .shapes import ANY, Shape, join
from .subject import Subject

TIMERS: Mapping[str, Shape] = {
    "date": join(DAY, TEXT),
    "duration": join(LENGTH, TEXT),
    "cycle": TEXT,
}
"""What a timer takes; texts are ISO 8601."""
Found = tuple[str, str, Fault]
"""(element, text of the expression, what is wrong in it)."""


def kinds_fit(subject: Subject) -> Iterator[Finding]:
    """Each expression of diagram, tables and forms, against what forms and results can write."""
    names = known_data(subject)
    told: list[Finding] = []
    for element, text, fault in _faults(subject, names):
        said = {**fault.params, **_named(text, fault)}
        finding = subject.finding(fault.code, element, text=text[:120], **said)
        if finding not in told:
            told.append(finding)
            yield finding


def _faults(subject: Subject, names: Mapping[str, Shape]) -> Iterator[Found]:
    for element, read in in_diagram(subject):
        if not is_start(subject.diagram, element):
            found = _of_expression(element, read, names)
            yield from (one for one in found if not _is_of_outcome(one[2]))
    for element, text, wanted in _wanted(subject.diagram):
        yield from _unwanted(element, text, wanted, names)
    yield from _in_tables(subject, names)
    yield from _in_forms(subject, names)


def _is_of_outcome(fault: Fault) -> bool:
    """An outcome that no form offers: what says how forms fit conditions tells it (references)."""
    is_text = fault.code == "text_never_offered"
    return is_text and dotted(fault.parts["part"][0]).endswith(".outcome")


def _of_expression(element: str, read: Expression, names: Mapping[str, Shape]) -> Iterator[Found]:
    at = Reading(names)
    shape_of(read.node, at)
    yield from ((element, read.text, one) for one in at.faults)


# The diagram -------------------------------------------------------------------------------


def _unwanted(
    element: str, text: str, wanted: Shape, names: Mapping[str, Shape]
) -> Iterator[Found]:
    """What gives the wrong kind of value as a whole; what is wrong within it is told elsewhere."""
    try:
        node = parse(text).node
    except FeelError:
        return
    at = Reading(names)
    want(wanted, (node, shape_of(node, Reading(names))), at)
    yield from ((element, text, one) for one in at.faults)


def _wanted(diagram: Diagram) -> Iterator[tuple[str, str, Shape]]:
    """Conditions, times and numbers of times, each with what it has to give."""
    for flow in diagram.flows.values():
        if flow.condition:
            yield flow.id, flow.condition, TRUTH
    for node in diagram.nodes.values():
        yield from ((node.id, text, wanted) for text, wanted in _of_node(node) if text)


def _of_node(node: Node) -> Iterator[tuple[str, Shape]]:
    for mark in node.clocks:
        yield from ((mark.from_, DAY), (mark.until, DAY))
    for event in node.events:
        yield event.condition, TRUTH
        if event.timer_kind and not is_literal(event.timer):
            yield event.timer, TIMERS[event.timer_kind]
    if isinstance(node.loop, MultiInstance):
        yield from ((node.loop.cardinality, NUMBER), (node.loop.completion, TRUTH))
    elif node.loop is not None:
        yield node.loop.condition, TRUTH


# Decision tables ---------------------------------------------------------------------------


def _in_tables(subject: Subject, names: Mapping[str, Shape]) -> Iterator[Found]:
    for node in subject.diagram.nodes.values():
        held = decisions_of(subject, node.decision) if node.decision else None
        for one in held.main.elements.values() if held else ():
            table = getattr(one, "logic", None)
            if held and isinstance(table, Table):
                for read, known in _of_table(held, table, inputs_of(held, names)):
                    yield from _of_expression(node.id, read, known)


def _of_table(
    held: Decisions, table: Table, names: Mapping[str, Shape]
) -> Iterator[tuple[Expression, Mapping[str, Shape]]]:
    """Each cell with the names it sees: a test sees what is tested as ``?``."""
    spaced = held.types.names
    for number, column in enumerate(table.inputs):
        read = parse(column.text, spaced)
        tested = as_declared(shape_of(read.node, Reading(names)), column.type)
        yield read, names
        for test in {rule.tests[number]: None for rule in table.rules if rule.tests[number]}:
            yield parse_unary(test, spaced), {**names, "?": tested}
    for rule in table.rules:
        yield from ((parse(text, spaced), names) for text in rule.outputs if text)


# Forms -------------------------------------------------------------------------------------


def _in_forms(subject: Subject, names: Mapping[str, Shape]) -> Iterator[Found]:
    for element, form in forms_of(subject):
        chosen = outcomes_of(form)
        for pointer, read, is_condition in in_form(form):
            rows = form.fields.get(pointer.partition("/*/")[0]) if "/*/" in pointer else None
            row = of_field(rows).item if rows else None
            at = Reading({**names, "outcome": chosen, "row": row or ANY})
            given = shape_of(read.node, at)
            if is_condition:
                want(TRUTH, (read.node, given), at)
            yield from ((element, read.text, one) for one in at.faults)


# What a finding says -----------------------------------------------------------------------


def _named(text: str, fault: Fault) -> dict[str, Bilingual]:
    """The parts of a fault in words, and where in the expression the first of them stands."""
    parts = {name: _words(*part) for name, part in fault.parts.items()}
    written = next((found for node, _ in fault.parts.values() if (found := _written(node))), "")
    before = text[: max(text.find(written), 0)]
    place = {"line": before.count("\n") + 1, "column": len(before) - before.rfind("\n")}
    return {**parts, "where": {lang: text_of("kinds_place", lang, place) for lang in LANGS}}


def _words(node: Part, shape: Shape) -> Bilingual:
    """What stands there, if it can be named shortly, and what kinds of value it gives."""
    return {
        lang: text_of(
            "kinds_part" if _written(node) else "kinds_given",
            lang,
            {
                "part": _written(node),
                "kinds": _kinds(shape, lang),
            },
        )
        for lang in LANGS
    }


def _kinds(shape: Shape, lang: Lang) -> str:
    names = (f"kind_{kind.replace(' ', '_')}" for kind in sorted(shape.kinds or ()))
    return text_of("kinds_or", lang).join(text_of(name, lang) for name in names)


def _written(node: Part) -> str:
    """A path or a value as it stands in the text; "" of what is longer."""
    return write_value(node.value, quoted=True) if isinstance(node, Literal) else dotted(node)


RULES = (kinds_fit,)
