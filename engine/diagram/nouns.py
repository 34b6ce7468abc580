"""What a drawn procedure consists of: frozen, read once, no XML."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from engine.model import Bilingual

from .shapes import Edge, Shape

Moment = Literal["", "enter", "done"]
EventKind = Literal[
    "timer",
    "message",
    "signal",
    "error",
    "escalation",
    "conditional",
    "link",
    "compensate",
    "terminate",
    "cancel",
]


@dataclass(frozen=True, slots=True)
class ClockMark:
    """What an element does to a legal period, and at which of its moments ("" = never).

    ``rule``: an id of the deadline table, else FEEL that names one (null: nothing happens).
    ``from_``: FEEL for the date or date-time it counts from; "" = when the input was received,
    null = it does not start. ``until``: FEEL for the new end when it is extended; for the day on which
    it was done when it ends (default: now).
    """

    rule: str
    starts: Moment = ""
    pauses: Moment = ""
    resumes: Moment = ""
    ends: Moment = ""
    from_: str = ""
    extends: Moment = ""
    until: str = ""


@dataclass(frozen=True, slots=True)
class LegalEffect:
    """What an element brings about in law, with the citations or clauses (ids) behind it.

    ``outcome``: only where its task ends with that one; "" however it ends.
    """

    words: Bilingual
    basis: tuple[str, ...] = ()
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class EventDefinition:
    """What an event waits for or throws.

    ``ref``: id of the message, signal, error, escalation or activity; ``name`` and ``code`` are
    taken from there (a link has a name only). ``timer_kind`` with its text in ``timer``, or
    ``clock``.
    """

    kind: EventKind
    ref: str = ""
    name: str = ""
    code: str = ""
    timer_kind: Literal["", "date", "duration", "cycle"] = ""
    timer: str = ""
    clock: str = ""
    condition: str = ""


@dataclass(frozen=True, slots=True)
class MultiInstance:
    """An activity done once per item; collection, cardinality and completion are FEEL."""

    sequential: bool = False
    cardinality: str = ""
    collection: str = ""
    item: str = ""
    output_item: str = ""
    output: str = ""
    completion: str = ""


@dataclass(frozen=True, slots=True)
class StandardLoop:
    """An activity repeated while ``condition`` (FEEL) holds, at most ``maximum`` times."""

    condition: str = ""
    test_before: bool = False
    maximum: str = ""


@dataclass(frozen=True, slots=True)
class DataAssociation:
    """Data carried into ("in") or out of ("out") an element; assignments are (from, to) texts."""

    direction: Literal["in", "out"]
    sources: tuple[str, ...] = ()
    target: str = ""
    transformation: str = ""
    assignments: tuple[tuple[str, str], ...] = ()
    id: str = ""


@dataclass(frozen=True, slots=True)
class Node:
    """A flow node as drawn. ``type`` is BPMN's local name; ``scope`` joins enclosing ids by "/".

    ``role`` is its own or its lane's (or the lane's of what encloses it): a code of the role
    register, several of them (start events), or FEEL that names one. Expressions are FEEL text.
    """

    id: str
    type: str
    name: Bilingual
    purpose: Bilingual
    scope: str = ""
    lane: str = ""
    role: str = ""
    org: str = ""
    person: str = ""
    party: str = ""  # for whom staff complete it
    apart: tuple[str, ...] = ()  # elements whose doers may not do this one (ld:not)
    basis: tuple[str, ...] = ()
    clocks: tuple[ClockMark, ...] = ()
    effects: tuple[LegalEffect, ...] = ()
    operation: str = ""
    params: Mapping[str, str] = field(default_factory=dict)
    result: str = ""
    decision: str = ""
    called: str = ""
    script: str = ""
    script_format: str = ""
    message: str = ""  # id of the message of a send or receive task
    events: tuple[EventDefinition, ...] = ()
    parallel_multiple: bool = False
    attached_to: str = ""
    interrupting: bool = True
    default: str = ""
    loop: MultiInstance | StandardLoop | None = None
    incoming: tuple[str, ...] = ()
    outgoing: tuple[str, ...] = ()
    triggered_by_event: bool = False
    instantiate: bool = False
    associations: tuple[DataAssociation, ...] = ()

    @property
    def cited(self) -> tuple[str, ...]:
        """All citations it bears: its own basis and those of its effects in law."""
        return (*self.basis, *(ref for effect in self.effects for ref in effect.basis))

    @property
    def parent(self) -> str:
        """Id of the sub-process that holds it, "" at the top."""
        return self.scope.rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class Flow:
    """A sequence flow; ``condition`` is FEEL, "" when it has none."""

    id: str
    name: Bilingual
    source: str
    target: str
    condition: str = ""
    scope: str = ""


@dataclass(frozen=True, slots=True)
class Lane:
    """A lane with its role; ``nodes`` are the ids it lists, ``parent`` the lane around it."""

    id: str
    name: Bilingual
    role: str = ""
    nodes: tuple[str, ...] = ()
    parent: str = ""
    scope: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """A declared message: ``key`` and each payload value are FEEL."""

    id: str
    name: str
    key: str = ""
    payload: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Declared:
    """A declared signal, error or escalation; errors and escalations are matched by ``code``."""

    id: str
    name: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class DataObject:
    """A data object, data store, or a drawn reference to one (``ref``)."""

    id: str
    type: str
    name: Bilingual
    ref: str = ""
    scope: str = ""


@dataclass(frozen=True, slots=True)
class Annotation:
    """A note on the diagram."""

    id: str
    text: Bilingual
    scope: str = ""


@dataclass(frozen=True, slots=True)
class Association:
    """A line without meaning for the run: from a note or data object to an element, between pools."""

    id: str
    source: str
    target: str
    scope: str = ""


@dataclass(frozen=True, slots=True)
class Participant:
    """A pool; ``process`` is "" for a closed one."""

    id: str
    name: Bilingual
    process: str = ""


@dataclass(frozen=True, slots=True)
class Diagram:
    """One process of a BPMN file, as a rule its executable one, read in document order."""

    process_id: str
    name: Bilingual
    purpose: Bilingual
    executable_ids: tuple[str, ...]
    process_ids: tuple[str, ...]
    nodes: Mapping[str, Node]
    flows: Mapping[str, Flow]
    lanes: Mapping[str, Lane]
    messages: Mapping[str, Message]
    signals: Mapping[str, Declared]
    errors: Mapping[str, Declared]
    escalations: Mapping[str, Declared]
    data_objects: Mapping[str, DataObject]
    annotations: Mapping[str, Annotation]
    associations: Mapping[str, Association]
    participants: Mapping[str, Participant]
    shapes: Mapping[str, Shape]
    edges: Mapping[str, Edge]
    message_flows: Mapping[str, Association] = field(default_factory=dict)
    _inside: Mapping[str, tuple[Node, ...]] = field(init=False, repr=False, compare=False)
    _attached: Mapping[str, tuple[Node, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        inside: dict[str, list[Node]] = {}
        attached: dict[str, list[Node]] = {}
        for node in self.nodes.values():
            inside.setdefault(node.scope, []).append(node)
            if node.attached_to:
                attached.setdefault(node.attached_to, []).append(node)
        object.__setattr__(self, "_inside", {key: tuple(held) for key, held in inside.items()})
        object.__setattr__(self, "_attached", {key: tuple(held) for key, held in attached.items()})

    def children(self, scope: str) -> tuple[Node, ...]:
        """The nodes drawn directly in ``scope`` ("" = the process)."""
        return self._inside.get(scope, ())

    def boundary_events(self, node_id: str) -> tuple[Node, ...]:
        return self._attached.get(node_id, ())
