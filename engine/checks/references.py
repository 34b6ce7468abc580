"""Does everything it names exist: roles, deadlines, citations, settings, forms, decisions, events."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from engine.citations import cite
from engine.decisions import read_decisions
from engine.diagram import Node
from engine.errors import Invalid, NotFound
from engine.forms import Form, check_form, form_findings, form_of
from engine.model import Finding
from engine.rules import read_rules

from .asked import in_diagram
from .expressions import CODES, IDENTIFIER, expressions, reasons
from .subject import Subject


def roles(subject: Subject) -> Iterator[Finding]:
    """Lanes and steps name roles of the register; a person's step has one."""
    known = subject.register("roles")
    diagram = subject.diagram
    named = [(lane.id, lane.role) for lane in diagram.lanes.values()]
    named += [(node.id, node.role) for node in diagram.nodes.values() if node.role]
    seen = set()
    for element, role in named:
        for code in role.split() if CODES.fullmatch(role) else ():
            if code not in known and (code, role) not in seen:
                seen.add((code, role))
                yield subject.finding("role_unregistered", element, role=code)
    for node in diagram.nodes.values():
        if node.type == "userTask" and not node.role:
            yield subject.finding("role_missing", node.id)
        elif node.type == "userTask" and CODES.fullmatch(node.role) and " " in node.role:
            yield subject.finding("role_several", node.id, role=node.role)


def clocks(subject: Subject) -> Iterator[Finding]:
    """Clocks name rules of the deadline table and say what they do."""
    known = subject.register("rules")
    for node in subject.diagram.nodes.values():
        for mark in node.clocks:
            if not _is_rule(mark.rule, known):
                yield subject.finding("rule_unknown", node.id, rule=mark.rule or "—")
            moments = (mark.starts, mark.pauses, mark.resumes, mark.ends, mark.extends)
            if not any(moments) or not set(moments) <= {"", "enter", "done"}:
                yield subject.finding("clock_moment", node.id, rule=mark.rule)
        for event in node.events:
            if event.clock and not _is_rule(event.clock, known):
                yield subject.finding("rule_unknown", node.id, rule=event.clock)


def _is_rule(text: str, known: Mapping[str, Any]) -> bool:
    """An id of the register, or an expression that will name one."""
    return text in known or (bool(text) and not IDENTIFIER.fullmatch(text))


def registers(subject: Subject) -> Iterator[Finding]:
    """The deadline table itself can be read."""
    content = subject.files.get("shared/rules.toml")
    if content is None:
        return
    try:
        read_rules(content)
    except (Invalid, ValueError, KeyError, TypeError) as error:
        yield replace(
            subject.finding("rules_unreadable", "rules", reason=str(error)[:200]),
            file="shared/rules.toml",
        )


def citations(subject: Subject) -> Iterator[Finding]:
    """Every basis, of an element or of its effect in law, is an article or clause of the registers."""
    held = {name: subject.register(name) for name in ("sources", "clauses")}
    for node in subject.diagram.nodes.values():
        for ref in node.cited:
            try:
                cite(held, ref)
            except NotFound:
                yield subject.finding("citation_not_found", node.id, ref=ref or "—")


def effects(subject: Subject) -> Iterator[Finding]:
    """An effect in law of one outcome names one that the form of its task offers."""
    for node in subject.diagram.nodes.values():
        named = {one.outcome for one in node.effects if one.outcome}
        form = _readable(subject, node.id) if named and node.type == "userTask" else None
        for outcome in sorted(named - {one.id for one in form.outcomes} if form else named):
            yield subject.finding("effect_outcome", node.id, outcome=outcome)


def settings(subject: Subject) -> Iterator[Finding]:
    """``settings.<id>`` is one of the register, where the package carries it."""
    known = subject.register("settings")
    if not known:
        return
    for element, read in in_diagram(subject):
        for path in read.names:
            if path.startswith("settings.") and path.split(".")[1] not in known:
                yield subject.finding("setting_unknown_here", element, setting=path.split(".")[1])


def events(subject: Subject) -> Iterator[Finding]:
    """What is thrown, caught, sent or received is declared."""
    diagram = subject.diagram
    held: Mapping[str, Mapping[str, Any]] = {
        "error": diagram.errors,
        "escalation": diagram.escalations,
    }
    for node in diagram.nodes.values():
        for event in node.events:
            if event.ref and event.kind in held and event.ref not in held[event.kind]:
                yield subject.finding("event_undeclared", node.id, ref=event.ref)
        if node.message and node.message not in diagram.messages:
            yield subject.finding("event_undeclared", node.id, ref=node.message)


def operations(subject: Subject) -> Iterator[Finding]:
    """A service task asks for something the product can do."""
    for node in subject.diagram.nodes.values():
        if node.type == "serviceTask" and node.operation not in subject.context.operations:
            known = ", ".join(sorted(subject.context.operations))
            yield subject.finding(
                "operation_unknown", node.id, operation=node.operation or "—", known=known
            )


def decisions(subject: Subject) -> Iterator[Finding]:
    """A rule task's decision has its file, which holds a decision of that id and can be read."""
    for node in subject.diagram.nodes.values():
        if node.type == "businessRuleTask":
            yield from _decision(subject, node)


def _decision(subject: Subject, node: Node) -> Iterator[Finding]:
    content = subject.own(f"{node.decision}.dmn") if node.decision else None
    if content is None:
        yield subject.finding("decision_file_missing", node.id, decision=node.decision or "—")
        return
    try:
        held = read_decisions(content)
    except Invalid as refused:
        yield subject.finding(
            "decision_unreadable", node.id, decision=node.decision, **reasons(refused)
        )
        return
    if node.decision not in held.main.elements:
        yield subject.finding("decision_other_id", node.id, decision=node.decision)


def forms(subject: Subject) -> Iterator[Finding]:
    """One form per user task and one for the start, none besides, each fit to be filled in."""
    tasks = {one.id for one in subject.diagram.nodes.values() if one.type == "userTask"}
    folder = f"{subject.folder}forms/"
    held = {
        name.removeprefix(folder).removesuffix(".json"): content
        for name, content in subject.files.items()
        if name.startswith(folder) and name.endswith(".json")
    }
    for task in sorted(tasks - set(held)):
        yield subject.finding("form_file_missing", task)
    for name in sorted(set(held) - tasks - {"start"}):
        found = subject.finding("form_file_extra", name)
        yield replace(found, file=f"{folder}{name}.json")
    if not subject.folder and "start" not in held:
        yield subject.finding("form_file_missing", "start")
    types = subject.files.get("shared/types.json", b"")
    for name, content in held.items():
        for one in check_form(content, types):
            yield _placed(one, f"{folder}{name}.json")


def _placed(one: Finding, file: str) -> Finding:
    """A finding of the forms with its file, and with the names that all findings may say."""
    params = {"element": one.element, "name": one.element, **one.params}
    return replace(one, file=file, params=params)


def form_fit(subject: Subject) -> Iterator[Finding]:
    """Conditions ask for outcomes that the forms offer; the forms agree on what a value is."""
    forms = {}
    for node in subject.diagram.nodes.values():
        form = _readable(subject, node.id) if node.type == "userTask" else None
        if form:
            forms[node.id] = form
    for one in form_findings(forms, expressions(subject.diagram)):
        yield _placed(one, subject.file)


def _readable(subject: Subject, task: str) -> Form | None:
    try:
        return form_of(subject.files, subject.folder + task)
    except Invalid:
        return None


RULES = (
    roles,
    clocks,
    registers,
    citations,
    effects,
    settings,
    events,
    operations,
    decisions,
    forms,
    form_fit,
)
