"""Do expressions ask for what can be there: no name that nothing writes, no call that only gives null."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from difflib import get_close_matches
from itertools import chain

from engine.decisions import Decisions
from engine.decisions.model import Table
from engine.diagram import MultiInstance, Node, read_diagram
from engine.errors import Invalid
from engine.feel import FeelError, nodes, parse
from engine.forms import form_of
from engine.model import Finding
from engine.package import DIAGRAM

from .asked import decisions_of, in_diagram, in_forms, in_tables, is_start
from .subject import Context, Subject, read_subject

GIVEN = frozenset({"case", "parties", "settings", "registers", "loopCounter"})
"""What every case can read without anything in the diagram writing it."""
BOUND = frozenset({"row", "outcome", "visitor"})
"""What a form knows besides: the row it is asked in, what is chosen, who fills it in."""


def misused_calls(subject: Subject) -> Iterator[Finding]:
    """No built-in function is called in a way that can only give null."""
    tables = ((element, read) for element, read, _ in in_tables(subject))
    for element, read in chain(in_diagram(subject), tables, in_forms(subject)):
        for function in sorted(read.misused):
            yield subject.finding("call_gives_null", element, function=function, text=read.text)


def names_written(subject: Subject) -> Iterator[Finding]:
    """What is read is written somewhere: a misspelt name would give null and say nothing.

    Called procedures share the case's data, so what any of them writes counts; what a caller
    brings, a called one declares as a data object. Who may start a case is asked of the message
    that starts it: its payload is not known here.
    """
    written = written_here(subject)
    for element, path in dict.fromkeys(paths_read(subject)):
        if not is_known(path, written):
            near = _nearest(path, written)
            yield subject.warning("name_never_written", element, path=path, near=near or "—")


def paths_read(subject: Subject) -> Iterator[tuple[str, str]]:
    """(element, flow or message, dotted path) of all that expressions, tables and forms ask for."""
    for element, read in in_diagram(subject):
        if not is_start(subject.diagram, element):
            yield from ((element, path) for path in sorted(read.names))
    for element, read in in_forms(subject):
        paths = sorted(path for path in read.names if path.partition(".")[0] not in BOUND)
        yield from ((element, path) for path in paths)
    for element, read, given in in_tables(subject):
        paths = sorted(path for path in read.names if path.partition(".")[0] in given)
        yield from ((element, path) for path in paths)


def is_known(path: str, written: frozenset[str]) -> bool:
    """Whether it lies within what is written, or what is written lies within it."""
    if path.partition(".")[0] in GIVEN:
        return True
    return any(f"{path}.".startswith(f"{one}.") or one.startswith(f"{path}.") for one in written)


def _nearest(path: str, written: frozenset[str]) -> str:
    """The written name that was probably meant."""
    return next(iter(get_close_matches(path, sorted(written), n=1, cutoff=0.75)), "")


# What is written ---------------------------------------------------------------------------


def written_names(files: Mapping[str, bytes]) -> frozenset[str]:
    """Every data path that a package's forms, tables and results write; none if it is unreadable."""
    context = Context("", "", frozenset(), {})
    try:
        return frozenset(_all_written(read_subject(files, "", context)))
    except (KeyError, Invalid):
        return frozenset()


def written_here(subject: Subject) -> frozenset[str]:
    """Dotted paths of all that the procedure and those it calls write."""
    return frozenset(_all_written(subject))


def _all_written(subject: Subject) -> Iterator[str]:
    for name, content in subject.files.items():
        if name.rpartition("/")[2] == DIAGRAM:
            folder = name.removesuffix(DIAGRAM)
            try:
                diagram = read_diagram(content)
            except Invalid:
                continue
            yield from diagram.data_objects
            yield from _form_paths(subject, f"{folder}start")
            for node in diagram.nodes.values():
                yield from written_by(subject, folder, node)


def written_by(subject: Subject, folder: str, node: Node) -> Iterator[str]:
    """The data paths that one element writes."""
    if node.type == "userTask":
        yield f"{node.id}.outcome"
        yield from _form_paths(subject, f"{folder}{node.id}")
    if node.result:
        parts = _parts(subject, folder, node)
        yield from (f"{node.result}.{part}" for part in parts) if parts else [node.result]
    if isinstance(node.loop, MultiInstance):
        yield from {node.loop.item, node.loop.output_item, node.loop.output} - {""}
    for one in node.associations:
        yield from {one.target, *(target for _, target in one.assignments)} - {""}


def _form_paths(subject: Subject, name: str) -> Iterator[str]:
    try:
        form = form_of(subject.files, name)
    except Invalid:
        return  # the form's own findings say why
    for pointer in form.fields if form else ():
        yield pointer.strip("/").replace("/", ".")


def _parts(subject: Subject, folder: str, node: Node) -> list[str]:
    """The entries of a result where they are known: a context in a script, outputs of a table."""
    if node.type == "scriptTask":
        return _entries(node.script)
    if node.type != "businessRuleTask":
        return []
    held = decisions_of(replace(subject, folder=folder), node.decision)
    return _outputs(held, node.decision) if held else []


def _entries(script: str) -> list[str]:
    try:
        root = parse(script).node
    except FeelError:
        return []
    return [key for key, _ in root.entries] if isinstance(root, nodes.ContextNode) else []


def _outputs(decisions: Decisions, name: str) -> list[str]:
    element = decisions.main.elements.get(name)
    table = getattr(element, "logic", None)
    columns = table.outputs if isinstance(table, Table) else ()
    return [column.text for column in columns] if len(columns) > 1 else []


RULES = (misused_calls, names_written)
