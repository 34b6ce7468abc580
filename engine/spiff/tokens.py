"""Tokens and scopes: SpiffWorkflow's tasks and (sub-)workflows, without clock, log or random ids."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.model import Place

Path = tuple[tuple[int, int], ...]
"""The branches a token is on: (number of the split, number of the branch), outermost first."""

ROOT = 0
"""Key of the root task of every scope; the tokens of a scope hang below it."""


class Token(Task):  # type: ignore[misc]
    """One live position in a case.

    ``role``: "" an element that is passed; "loop" the whole of a repeated activity, "item" one
    repetition; "event" a boundary event or the start of an event sub-process that waits.
    ``public``: the id the world knows it by ("" until it needs one). ``note``: JSON values.
    """

    def __init__(self, workflow: Scope, spec: Any, parent: Token | None, key: int) -> None:
        # SpiffWorkflow's own constructor reads the wall clock and makes random ids.
        self.id = key
        self.workflow = workflow
        self.task_spec: Any = spec  # an Element, or the root of its scope
        self.data: dict[str, Any] = {}
        self.internal_data: dict[str, Any] = {}
        self.triggered = False
        self.thread_id = 0
        self.last_state_change = 0.0
        self._state = TaskState.FUTURE
        self._children: list[int] = []
        self._parent = parent.id if parent else None
        self.path: Path = parent.path if parent else ()
        self.frame: int = parent.frame if parent else 0
        self.item: int | None = parent.item if parent else None
        self.occurrence = 0
        self.role = ""
        self.public = ""
        self.note: dict[str, Any] = {}
        self.seat: Place | None = None  # where it stood when that was asked last
        workflow.tasks[key] = self
        if parent is not None:
            parent._children.append(key)

    def _set_state(self, value: int) -> None:
        self._state = value

    @property
    def is_live(self) -> bool:
        return bool(self._state & TaskState.DEFINITE_MASK) and self.id in self.workflow.tasks

    @property
    def is_task(self) -> bool:
        """A person must do something here."""
        return "role" in self.note and self._state == TaskState.READY

    @property
    def is_effect(self) -> bool:
        """Something outside must be done here."""
        return "operation" in self.note and self._state == TaskState.STARTED

    @property
    def is_waiting(self) -> bool:
        """A person, an effect, a time or an event drawn in the flow is waited for."""
        at_event = self._state == TaskState.WAITING and not self.task_spec.joins
        return self.role != "event" and (at_event or self.is_task or self.is_effect)

    def below(self) -> list[Token]:
        """What hangs on this token, oldest first."""
        return sorted(self.children, key=lambda token: token.id)

    def complete(self) -> None:
        """Go on, unless what this token did has ended it (an event that interrupts its scope)."""
        if self.is_live:
            super().complete()

    def drop(self) -> None:
        """Take a finished token out of the tree; what hangs below it moves up."""
        parent = self.parent
        parent._children.remove(self.id)
        parent._children += self._children
        for child in self.children:
            child._parent = parent.id
        self._children = []
        del self.workflow.tasks[self.id]


class _Scope:
    """What the whole case and each running sub-process have in common."""

    tasks: dict[int, Token]
    task_tree: Token
    spec: Any
    script_engine: Any  # the Run of this step

    def plant(self, spec: Any) -> None:
        self.task_tree = Token(self, spec.start, None, ROOT)  # type: ignore[arg-type]
        self.task_tree._set_state(TaskState.COMPLETED)

    def tokens(self) -> list[Token]:
        """The tokens of this scope, oldest first."""
        return [token for key, token in sorted(self.tasks.items()) if key != ROOT]

    def _task_completed_notify(self, token: Token) -> None:
        self.script_engine.touched[id(self)] = token.workflow
        token.drop()

    @property
    def is_done(self) -> bool:
        """Nothing is left but events that would start an event sub-process."""
        return all(
            token.role == "event" and token.parent.id == ROOT
            for key, token in self.tasks.items()
            if key != ROOT
        )


class CaseWorkflow(_Scope, BpmnWorkflow):  # type: ignore[misc]
    """A whole case."""

    place = ""

    def __init__(self, spec: Any, specs: Mapping[str, Any], run: Any) -> None:
        super().__init__(spec, specs, script_engine=run, deserializing=True)
        self.plant(spec)

    def scopes(self) -> list[Scope]:
        """The case and every sub-process that runs in it, outermost and oldest first."""
        return [self, *(scope for _, scope in sorted(self.subprocesses.items()))]


class ScopeWorkflow(_Scope, BpmnSubWorkflow):  # type: ignore[misc]
    """A running sub-process, called procedure or event sub-process."""

    def __init__(self, spec: Any, host: Token) -> None:
        self.host = host
        outer = host.workflow
        self.place: str = (
            f"{outer.place}/{host.task_spec.name}" if outer.place else host.task_spec.name
        )
        super().__init__(spec, host.id, outer.top_workflow, deserializing=True)
        outer.top_workflow.subprocesses[host.id] = self
        self.plant(spec)
        root = self.task_tree
        root.path, root.frame, root.item = host.path, host.frame, host.item

    @property
    def parent_workflow(self) -> Scope:
        return self.host.workflow

    def _calculate_depth(self) -> int:
        return int(self.parent_workflow.depth) + 1


Scope = CaseWorkflow | ScopeWorkflow
