"""Rules that a procedure must meet before it is published, one small module per theme."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import islice

from engine.diagram import read_diagram
from engine.errors import Invalid
from engine.model import Finding
from engine.package import DIAGRAM
from engine.spiff.refuse import refusals

from . import (
    apart,
    dialects,
    drawing,
    expressions,
    kinds,
    letters,
    names,
    notices,
    periods,
    references,
    soundness,
    structure,
    surprises,
    tables,
    words,
    writing,
)
from .subject import OPERATIONS, Context, Subject, read_subject

__all__ = ["OPERATIONS", "check"]

ALWAYS = (*structure.RULES, *words.RULES, *dialects.RULES, *expressions.RULES)
WHEN_WHOLE = (
    *structure.WHEN_WHOLE,
    *soundness.RULES,
    *surprises.RULES,
    *references.RULES,
    *names.RULES,
    *kinds.RULES,
    *letters.RULES,
    *apart.RULES,
    *periods.RULES,
    *notices.RULES,
    *tables.RULES,
    *writing.RULES,
    *drawing.RULES,
)
MOST_FINDINGS = 200  # of one rule: more help nobody, and the time stays bounded
BROKEN = frozenset(
    {
        "flow_dangling",
        "flow_misplaced",
        "id_missing",
        "flow_across",
        "id_twice",
        "boundary_loose",
    }
)
"""After these, rules that walk the flows would only repeat themselves."""


def check(
    files: Mapping[str, bytes], procedure: str = "", operations: frozenset[str] = OPERATIONS
) -> list[Finding]:
    """All findings of a package (``read_package``), the called procedures' included.

    ``procedure``: the folder's name, which the process must bear ("" = do not ask).
    Errors first, then by file and element. Never raises for what a package may hold.
    """
    calls = _calls(files, procedure)
    own = next(iter(calls), procedure)
    found = [*_of_one(files, "", Context(procedure, own, operations, calls))]
    for name in sorted({name.split("/")[1] for name in files if name.startswith("call/")}):
        found += _of_one(files, f"call/{name}/", Context(name, name, operations, calls))
    return sorted(found, key=lambda one: (one.level, one.file, one.element, one.code))


def _calls(files: Mapping[str, bytes], procedure: str) -> Mapping[str, frozenset[str]]:
    """Who calls whom, the procedure itself first; what cannot be read calls nobody."""
    calls: dict[str, frozenset[str]] = {}
    for name in sorted(files, key=lambda one: (one != DIAGRAM, one)):
        if name.rpartition("/")[2] != DIAGRAM:
            continue
        try:
            diagram = read_diagram(files[name])
        except Invalid:
            continue
        caller = name.split("/")[1] if "/" in name else procedure or diagram.process_id
        calls[caller] = frozenset(one.called for one in diagram.nodes.values()) - {""}
    return calls


def _of_one(files: Mapping[str, bytes], folder: str, context: Context) -> Iterator[Finding]:
    file, procedure = folder + DIAGRAM, context.procedure
    try:
        subject = read_subject(files, folder, context)
    except KeyError:
        yield Finding("diagram_missing", procedure, file=file, params={"file": file})
        return
    except Invalid as refused:
        params = {"element": procedure, "name": procedure, **refused.params}
        yield Finding(refused.code, procedure, file=file, params=params)
        return
    yield from _of_subject(subject)


def _of_subject(subject: Subject) -> Iterator[Finding]:
    codes = set()
    for rule in ALWAYS:
        for finding in islice(rule(subject), MOST_FINDINGS):
            codes.add(finding.code)
            yield finding
    if codes & BROKEN:
        return
    for one in refusals(subject.diagram):
        params = {"name": subject.title(one.element), "element": one.element, **one.params}
        yield replace(one, file=subject.file, params=params)
    for rule in WHEN_WHOLE:
        yield from islice(rule(subject), MOST_FINDINGS)
