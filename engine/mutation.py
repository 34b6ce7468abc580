"""Whether scenarios notice a wrong procedure: one thing is broken at a time and they are told again."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from lxml import etree

from engine.diagram import read_xml
from engine.errors import Invalid
from engine.model import Facts, Release

from .coverage import DIAGRAM, hit_rules, rule_name
from .scenario import Played, Scenario, play

Kind = Literal["negate", "drop_boundary", "drop_handler", "drop_rule"]
Element = Any  # lxml's; its stubs make every parent and attribute optional
CONDITIONS = ("conditionExpression", "condition", "completionCondition", "loopCondition")
IDENTIFIED = "ancestor-or-self::*[@id][1]"


@dataclass(frozen=True, slots=True)
class Mutant:
    """A release with one thing broken. ``element``: what was changed; ``near``: what a scenario must
    have reached to notice."""

    kind: Kind
    element: str
    near: str
    release: Release


@dataclass(frozen=True, slots=True)
class Verdict:
    """``killed_by``: the scenario that failed first, "" when the mutant survived. ``broken``: it was
    no procedure any more and says nothing about the scenarios."""

    mutant: Mutant
    killed_by: str = ""
    broken: bool = False

    @property
    def survived(self) -> bool:
        return not self.killed_by and not self.broken


def mutate(release: Release, facts: Facts, scenarios: Sequence[Scenario]) -> Iterator[Verdict]:
    """Try every mutant, each until the first scenario fails. Invalid if one fails on the original."""
    told = [play(release, facts, scenario) for scenario in scenarios]
    failed = [one.scenario.name for one in told if one.failure]
    if failed:
        raise Invalid("mutation_needs_green", scenarios=", ".join(failed))
    shortest_first = sorted(told, key=lambda one: one.inputs)
    near = [(_near(one), one.scenario) for one in shortest_first]
    for mutant in mutants(release):
        yield _tried(mutant, facts, [story for reached, story in near if mutant.near in reached])


def mutants(release: Release) -> Iterator[Mutant]:
    """Each condition negated; each boundary event, event sub-process and decision rule dropped."""
    root = read_xml(release.files[DIAGRAM])
    yield from _negated(release, root)
    yield from _dropped(release, root)
    for path in release.files:
        if path.endswith(".dmn") and not path.startswith("call/"):
            yield from _without_rules(release, path)


def _tried(mutant: Mutant, facts: Facts, scenarios: Sequence[Scenario]) -> Verdict:
    for scenario in scenarios:
        failure = play(mutant.release, facts, scenario).failure
        if failure:
            is_broken = failure.step == 0 and failure.code == "scenario_step_refused"
            return Verdict(mutant, "" if is_broken else scenario.name, is_broken)
    return Verdict(mutant)


def _near(one: Played) -> frozenset[str]:
    """What a scenario reached or was decided by, and the timers it speaks of: one that never came
    near a mutant cannot notice it and is not told again."""
    reached = {line.place.element for line in one.trace if line.what != "cancelled"}
    expected = (step.get("expect", {}) for step in (one.scenario.start, *one.scenario.steps))
    timers = {
        name for expect in (*expected, one.scenario.expect) for name in expect.get("timers", ())
    }
    return frozenset({"", *reached, *timers, *hit_rules(one.trace)})


# Mutants of the diagram ----------------------------------------------------------------------


def _negated(release: Release, root: Element) -> Iterator[Mutant]:
    for number, condition in enumerate(root.iter(*(f"{{*}}{name}" for name in CONDITIONS))):
        owner = condition.xpath(IDENTIFIED)[0]
        owner = owner if _is_owner(owner) else owner.getparent().xpath(IDENTIFIED)[0]
        changed = copy.deepcopy(root)
        other = list(changed.iter(*(f"{{*}}{name}" for name in CONDITIONS)))[number]
        other.text = f"not({(other.text or '').strip()})"
        near = owner.get("sourceRef") or _watched(owner)
        yield Mutant(
            "negate", owner.get("id"), near, _with(release, DIAGRAM, changed, f"n{number}")
        )


def _is_owner(element: Element) -> bool:
    """A flow or flow node; not a condition or event definition that bears an id itself."""
    name = etree.QName(element).localname
    return not name.endswith(("Definition", "Characteristics")) and name not in CONDITIONS


def _watched(owner: Element) -> str:
    """Where a case must have been for a conditional event to matter."""
    is_start = etree.QName(owner).localname == "startEvent"
    return owner.get("attachedToRef") or ("" if is_start else owner.get("id"))


def _dropped(release: Release, root: Element) -> Iterator[Mutant]:
    for event in root.iter("{*}boundaryEvent"):
        name = event.get("id")
        yield Mutant("drop_boundary", name, name, _without(release, root, name))
    for handler in root.iter("{*}subProcess"):
        if handler.get("triggeredByEvent") == "true":
            name = handler.get("id")
            yield Mutant("drop_handler", name, name, _without(release, root, name))


def _without(release: Release, root: Element, name: str) -> Release:
    changed = copy.deepcopy(root)
    _remove(changed, name)
    return _with(release, DIAGRAM, changed, f"d-{name}")


def _remove(root: Element, name: str) -> None:
    """Take an element out with its flows, its boundary events and all that only it led to."""
    element = _by_id(root, name)
    if element is None:
        return
    inside = {one.get("id") for one in element.iter() if one.get("id")}
    element.getparent().remove(element)
    for reference in list(root.iter("{*}flowNodeRef")):
        if reference.text in inside:
            reference.getparent().remove(reference)
    for event in [e for e in root.iter("{*}boundaryEvent") if e.get("attachedToRef") == name]:
        _remove(root, event.get("id"))
    for flow in [f for f in root.iter("{*}sequenceFlow") if f.get("sourceRef") == name]:
        _remove_flow(root, flow)


def _remove_flow(root: Element, flow: Element) -> None:
    flow.getparent().remove(flow)
    for reference in list(root.iter("{*}incoming")):
        if (reference.text or "").strip() == flow.get("id"):
            reference.getparent().remove(reference)
    target = flow.get("targetRef")
    if not any(other.get("targetRef") == target for other in root.iter("{*}sequenceFlow")):
        _remove(root, target)


def _by_id(root: Element, name: str) -> Element | None:
    return next((one for one in root.iter() if one.get("id") == name), None)


# Mutants of decisions ------------------------------------------------------------------------


def _without_rules(release: Release, path: str) -> Iterator[Mutant]:
    root = read_xml(release.files[path])
    for number, rule in enumerate(root.iter("{*}rule")):
        changed = copy.deepcopy(root)
        other: Element = list(changed.iter("{*}rule"))[number]
        table = other.getparent()
        table.remove(other)
        name = rule.get("id") or rule_name(_decision_of(rule), _position(rule))
        yield Mutant("drop_rule", name, name, _with(release, path, changed, f"r{number}"))


def _decision_of(rule: Element) -> str:
    found = rule.xpath("ancestor::*[local-name()='decision'][1]/@id")
    return str(found[0]) if found else ""


def _position(rule: Element) -> int:
    return 1 + sum(1 for _ in rule.itersiblings("{*}rule", preceding=True))


def _with(release: Release, path: str, root: Element, mark: str) -> Release:
    files = {**release.files, path: etree.tostring(root, encoding="utf-8", xml_declaration=True)}
    return Release(release.procedure, f"{release.digest}~{path}~{mark}", files)
