"""What the data of a case can be: the kinds that forms, results, tables and scripts write."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from engine.decisions.graph import Decisions
from engine.decisions.model import Column, Decision, InputData, Literal, Table
from engine.diagram import MultiInstance, Node, read_diagram
from engine.errors import Invalid
from engine.feel import FeelError, parse
from engine.feel.types import ALIASES, CHECKS
from engine.forms import Field, Form, form_of
from engine.package import DIAGRAM

from .asked import decisions_of
from .inferring import Reading, shape_of
from .shapes import ANY, NULL, Shape, context_of, join, joined, list_of, one_of, plain
from .subject import Subject

ROUNDS = 6
"""How often what is worked out from other data is worked out anew before it counts as unknown."""
TEXT, NUMBER = plain("string"), plain("number")
FILE = context_of({"digest": TEXT, "name": TEXT, "size": NUMBER, "type": TEXT}, is_open=True)
KINDS: Mapping[str, Shape] = {
    **dict.fromkeys(("number", "integer", "money"), NUMBER),
    "boolean": plain("boolean"),
    "date": plain("date"),
    "time": plain("time"),
    "date-time": plain("date and time"),
    "file": FILE,
    "signature": FILE,
    "files": list_of(FILE),
}
NUMBERED = {"series": TEXT, "year": NUMBER, "org": TEXT, "counter": NUMBER, "number": TEXT}
RESULTS: Mapping[str, Shape] = {
    "numbers.next": context_of(NUMBERED, is_open=True),
    "documents.record": context_of(
        {"id": TEXT, "number": TEXT, "digest": TEXT, "file": TEXT, "pages": NUMBER}, is_open=True
    ),
    "court.number": context_of({"number": TEXT, "source": TEXT, "reason": TEXT}, is_open=True),
}
"""What service operations give, where it is always the same."""
COUNTS = (
    "loopCounter",
    "numberOfInstances",
    "numberOfCompletedInstances",
    "numberOfActiveInstances",
)
CASE = dict.fromkeys(("id", "dossier", "procedure", "org", "area", "role"), TEXT)
GIVEN: Mapping[str, Shape] = {
    "case": context_of({**CASE, "started_at": plain("date and time")}, is_open=True),
    "parties": list_of(ANY),
    **dict.fromkeys(COUNTS, NUMBER),
}


@dataclass
class Written:
    """One place of the data: what is written to it whole, and to places within it."""

    whole: Shape = NULL
    inside: dict[str, Written] = field(default_factory=dict)

    def write(self, path: str, shape: Shape) -> None:
        at = self
        for part in path.split("."):
            at = at.inside.setdefault(part, Written())
        at.whole = join(at.whole, shape)

    @property
    def shape(self) -> Shape:
        if not self.inside:
            return self.whole
        return join(self.whole, context_of({name: one.shape for name, one in self.inside.items()}))


def known_data(subject: Subject) -> Mapping[str, Shape]:
    """What the first part of each data path can be, in this procedure and those it calls.

    Messages, data that others bring and what somebody corrects may be anything.
    """
    given = {**GIVEN, "settings": _settings(subject)}
    plainly, by_others = _writes(subject)
    names = _tree(plainly) | given
    for _ in range(ROUNDS):
        worked_out = [(path, one.shape(names)) for path, one in by_others]
        found = _tree([*plainly, *worked_out]) | given
        if found == names:
            return names
        names = found
    return _tree([*plainly, *((path, ANY) for path, _ in by_others)]) | given


def _tree(writes: Iterable[tuple[str, Shape]]) -> dict[str, Shape]:
    top = Written()
    for path, shape in writes:
        top.write(path, shape)
    return {name: one.shape for name, one in top.inside.items()}


def _settings(subject: Subject) -> Shape:
    """Each by the kind of its default, and by its choices."""
    entries = {}
    for name, told in subject.register("settings").items():
        default = told.get("default")
        shape = TEXT if isinstance(default, str) else NUMBER
        if isinstance(default, bool | list) or default is None:
            shape = ANY
        entries[name] = one_of(told["choices"]) if "choices" in told else shape
    return context_of(entries, is_open=True)


# What writes -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Worked:
    """What is worked out from other data: a script, a decision, the item of a list, a dotted path."""

    text: str = ""
    decisions: Decisions | None = None
    decision: str = ""
    is_item: bool = False
    is_listed: bool = False

    def shape(self, names: Mapping[str, Shape]) -> Shape:
        if self.decisions is not None:
            return decided(self.decisions, self.decision, names)
        found = read_as(self.text, names)
        if self.is_item:
            return (found.item or ANY) if found.is_only("list") else ANY if found.kinds else found
        return list_of(found) if self.is_listed else found


Writes = list[tuple[str, Shape]]
WorkedOut = list[tuple[str, Worked]]


def _writes(subject: Subject) -> tuple[Writes, WorkedOut]:
    found: Writes = []
    worked: WorkedOut = []
    for name, content in subject.files.items():
        if name.rpartition("/")[2] != DIAGRAM:
            continue
        folder = name.removesuffix(DIAGRAM)
        try:
            diagram = read_diagram(content)
        except Invalid:
            continue
        found += [(one, ANY) for one in diagram.data_objects]
        found += of_form(_form(subject, f"{folder}start"))
        for node in diagram.nodes.values():
            found += _of_node(subject, folder, node)
            worked += _worked_out(replace(subject, folder=folder), node)
    return found, worked


def _of_node(subject: Subject, folder: str, node: Node) -> Iterator[tuple[str, Shape]]:
    if node.type == "userTask":
        form = _form(subject, f"{folder}{node.id}")
        yield from of_form(form)
        yield f"{node.id}.outcome", outcomes_of(form)
    if node.result and node.type not in ("scriptTask", "businessRuleTask"):
        yield node.result, RESULTS.get(node.operation, ANY)
    for one in node.associations:
        yield from ((path, ANY) for path in {one.target, *_targets(one.assignments)} - {""})


def _targets(assignments: Iterable[tuple[str, str]]) -> Iterator[str]:
    return (target for _, target in assignments)


def _worked_out(subject: Subject, node: Node) -> Iterator[tuple[str, Worked]]:
    if node.result and node.type == "scriptTask":
        yield node.result, Worked(node.script)
    if node.result and node.type == "businessRuleTask":
        held = decisions_of(subject, node.decision) if node.decision else None
        yield node.result, Worked(decisions=held, decision=node.decision)
    if isinstance(node.loop, MultiInstance):
        if node.loop.item:
            yield node.loop.item, Worked(node.loop.collection, is_item=True)
        if node.loop.output and node.loop.output_item:
            yield node.loop.output, Worked(node.loop.output_item, is_listed=True)


def read_as(text: str, names: Mapping[str, Shape]) -> Shape:
    """What an expression can give; anything where it cannot be read."""
    try:
        return shape_of(parse(text).node, Reading(names)) if text else ANY
    except FeelError:
        return ANY


# Forms -------------------------------------------------------------------------------------


def _form(subject: Subject, name: str) -> Form | None:
    try:
        return form_of(subject.files, name)
    except Invalid:
        return None  # the form's own findings say why


def outcomes_of(form: Form | None) -> Shape:
    return one_of(one.id for one in form.outcomes) if form and form.outcomes else TEXT


def of_form(form: Form | None) -> Iterator[tuple[str, Shape]]:
    for pointer, one in form.fields.items() if form else ():
        yield pointer.strip("/").replace("/", "."), of_field(one)


def of_field(one: Field) -> Shape:
    """What a field gives: rows keep what is known of them beside their columns."""
    if one.kind == "rows":
        columns = {column.name: of_field(column) for column in one.columns}
        return list_of(context_of(columns, is_open=True))
    if one.kind in KINDS:
        return KINDS[one.kind]
    offered = one.schema.get("items", one.schema).get("enum") if one.options is None else None
    text = one_of(map(str, offered)) if offered else TEXT
    return list_of(text) if one.kind == "choices" else text


# Decisions ---------------------------------------------------------------------------------


def decided(held: Decisions, name: str, names: Mapping[str, Shape]) -> Shape:
    """What a decision can give."""
    element = held.main.elements.get(name)
    if not isinstance(element, Decision):
        return ANY
    seen = inputs_of(held, names)
    logic = element.logic
    if isinstance(logic, Literal):
        return read_as(logic.text, seen) if not held.types.names else ANY
    return _of_table(held, logic, seen) if isinstance(logic, Table) else ANY


def inputs_of(held: Decisions, names: Mapping[str, Shape]) -> Mapping[str, Shape]:
    """The data that a decision sees; what declares a type of its own may be converted."""
    inputs = [one for one in held.main.elements.values() if isinstance(one, InputData)]
    return {one.name: as_declared(names.get(one.name, ANY), one.type) for one in inputs}


def as_declared(shape: Shape, type_name: str) -> Shape:
    """What becomes of a value where a type is declared: as it is, converted, or null."""
    name = ALIASES.get(type_name, type_name)
    if not type_name or name == "Any" or (shape.kinds is not None and shape.kinds <= {name}):
        return shape
    return plain(name) if name in CHECKS and name not in ("list", "context") else ANY


def _of_table(held: Decisions, table: Table, names: Mapping[str, Shape]) -> Shape:
    columns = {
        column.text: as_declared(_of_column(held, table, n, names), column.type)
        for n, column in enumerate(table.outputs)
    }
    row = context_of(columns) if len(columns) > 1 else joined(columns.values())
    if table.policy == "COLLECT" and table.aggregation:
        return ANY
    return list_of(row) if table.policy in ("COLLECT", "RULE ORDER", "OUTPUT ORDER") else row


def _of_column(held: Decisions, table: Table, n: int, names: Mapping[str, Shape]) -> Shape:
    column: Column = table.outputs[n]
    cells = [*(rule.outputs[n] for rule in table.rules), column.default]
    found = []
    for text in filter(None, cells):
        try:
            found.append(shape_of(parse(text, held.types.names).node, Reading(names)))
        except FeelError:
            return ANY
    return joined(found)
