"""What each drawn element does with a token: SpiffWorkflow task specs, one class per behaviour."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from SpiffWorkflow.bpmn.specs.bpmn_task_spec import BpmnTaskSpec
from SpiffWorkflow.util.task import TaskState

from engine.diagram import EventDefinition, Flow, Message, Node
from engine.errors import EngineError, Failed, Invalid
from engine.values import to_json

from . import events, joins, loops, scopes, throwing
from .errors import BpmnError
from .run import Run, run_of
from .tokens import ScopeWorkflow, Token

ROLE_CODE = re.compile(r"[A-Z][A-Z0-9_]*")
"""A role of the role register; anything else where a role is named is FEEL that gives one."""


class Element(BpmnTaskSpec):  # type: ignore[misc]
    """An element that is passed at once: none events, abstract tasks, diverging gateways.

    ``flows`` are the outgoing sequence flows as drawn; ``within`` is set where the element stands
    for something drawn deeper (the start of an event sub-process that waits in the outer scope).
    """

    within = ""
    waits = False
    joins = False
    is_inclusive = False
    inner: Any = None
    message: Message | None = None

    def __init__(self, wf_spec: Any, node: Node, flows: tuple[Flow, ...]) -> None:
        super().__init__(wf_spec, node.id, lane=node.lane)
        self.bpmn_id = node.id
        self.node = node
        self.flows = flows
        self.event: EventDefinition | None = node.events[0] if node.events else None
        self.boundary: tuple[Element, ...] = ()

    # SpiffWorkflow's life cycle: _update -> ready -> run -> complete ------------------------------

    def test(self) -> None:
        """Checked once, when the procedure is published."""

    def _predict(self, *_: Any, **__: Any) -> None:
        """Nothing is guessed: a token makes its successors when it leaves."""

    def _update_hook(self, token: Token) -> bool:
        run = run_of(token)
        if self.node.loop is not None and token.role != "item":
            token.role = "loop"
            run.enter(token)
            self.guard(token)
            return loops.begin(run, token)
        run.enter(token)
        scopes.carry_in(run, token)
        if token.role != "item":
            self.guard(token)
        return self.reach(token)

    def _on_ready_hook(self, token: Token) -> None:
        if not self.waits or token.role == "loop":
            run_of(token).agenda.append(token)

    def _run_hook(self, token: Token) -> bool | None:
        if token.role == "loop":
            return True
        return self.act(token)

    def _on_error_hook(self, token: Token) -> None:
        run_of(token).passed("cancelled", token)

    def _on_complete_hook(self, token: Token) -> None:
        run = run_of(token)
        for child in token.below():
            run.cancel(child)
        if token.role != "loop":
            scopes.carry_out(run, token)
        run.done(token)
        if token.role == "item":
            return
        self.leave(token)

    def _on_complete(self, token: Token) -> None:
        parent = token.parent
        super()._on_complete(token)
        if token.role == "item":
            loops.item_done(run_of(token), parent, token)

    # What the behaviours below change ---------------------------------------------------------------

    def reach(self, token: Token) -> bool:
        """On entering: True to go on, False to wait."""
        return True

    def act(self, token: Token) -> bool | None:
        """On running: True when done, None when something outside must answer."""
        return True

    def leave(self, token: Token) -> None:
        joins.send_on(token, joins.conditional_flows(token))

    def guard(self, token: Token) -> None:
        """Set the boundary events that wait while this activity is open."""
        for spec in self.boundary:
            events.set_boundary(run_of(token), token, spec)


class PersonTask(Element):
    """A user or manual task: waits for a person."""

    waits = True

    def reach(self, token: Token) -> bool:
        run = run_of(token)
        run.name(token)
        self.address(run, token)
        return True

    def address(self, run: Run, token: Token) -> None:
        """Whose work it is, as the diagram says on the data as they are."""
        node = self.node
        token.note["role"] = node.role
        for part in ("org", "person"):
            text = getattr(node, part)
            value = run.evaluate(token, text) if text else ""
            if value is not None and not isinstance(value, str):
                raise Invalid("candidate_no_text", element=node.id, part=part)
            token.note[part] = value or ""
        if not node.org:
            token.note["org"] = self.own_org(run)
        token.note["role"] = self.role(run, token)

    @staticmethod
    def own_org(run: Run) -> str:
        """Where the diagram names no organisation it is the case's own, not everybody's."""
        case = run.periods.case
        org = case.get("org") if isinstance(case, Mapping) else ""
        return org if isinstance(org, str) else ""

    def role(self, run: Run, token: Token) -> str:
        """The code its lane names, or what the FEEL written there gives: never "anybody"."""
        text = self.node.role
        if not text or ROLE_CODE.fullmatch(text):
            return text
        value = run.evaluate(token, text)
        if not isinstance(value, str) or not ROLE_CODE.fullmatch(value):
            raise Invalid("candidate_no_text", element=self.node.id, part="role")
        return value


class Worker(Element, ABC):
    """An element that computes; what fails in it may be caught by an error event."""

    def act(self, token: Token) -> bool | None:
        try:
            return self.work(run_of(token), token)
        except EngineError as error:
            if error.code == "data_conflict":
                raise
            raise BpmnError(error.code, origin=error) from error

    @abstractmethod
    def work(self, run: Run, token: Token) -> bool | None:
        """Compute; None leaves the token where it is until a result comes."""


class ScriptTask(Worker):
    def work(self, run: Run, token: Token) -> bool:
        run.write_result(token, run.evaluate(token, self.node.script))
        return True


class DecisionTask(Worker):
    def work(self, run: Run, token: Token) -> bool:
        decided = run.program.decide(self.node.decision, self.home, run.context(token), run.now)
        run.passed(
            "decided",
            token,
            {
                "decision": self.node.decision,
                "inputs": decided.inputs,
                "outputs": decided.outputs,
                "rules": [asdict(hit) for hit in decided.rules],
                "digest": decided.digest,
            },
        )
        run.write_result(token, decided.outputs)
        return True

    @property
    def home(self) -> str:
        """Folder of the procedure that draws this element, "" for the release's own."""
        home: str = self._wf_spec.home
        return home


class ServiceTask(Worker):
    """Leaves an effect behind and waits for its result."""

    def work(self, run: Run, token: Token) -> None:
        run.name(token)
        params = {name: run.evaluate(token, text) for name, text in self.node.params.items()}
        token.note.update(operation=self.node.operation, params=to_json(params))


class Catch(Element):
    """An intermediate catch event or receive task: waits for its event."""

    waits = True

    def reach(self, token: Token) -> bool:
        events.arm(run_of(token), token)
        token._set_state(TaskState.WAITING)
        return False


class Throw(Element):
    """An intermediate throw event or send task."""

    def act(self, token: Token) -> bool:
        throwing.throw(run_of(token), token)
        return True


class End(Throw):
    """An end event: throws what it must; its token ends here."""

    def leave(self, token: Token) -> None:
        """Nothing follows."""

    def _on_error_hook(self, token: Token) -> None:
        """An error end event has done its work by throwing."""
        run_of(token).done(token)


class LinkThrow(Element):
    """Goes on at the link's catching end in the same scope."""

    target: Element

    def leave(self, token: Token) -> None:
        run_of(token).spawn(token, self.target)


class Waiting(Element):
    """A boundary event, or the start of an event sub-process in the scope around it."""

    opens: SubProcess | None = None

    def _update_hook(self, token: Token) -> bool:
        run_of(token).enter(token, "fired")
        return True


class SubProcess(Element):
    """An embedded sub-process, transaction, called procedure or event sub-process."""

    waits = True

    def reach(self, token: Token) -> bool:
        scopes.open_scope(run_of(token), token, self.inner)
        token._set_state(TaskState.STARTED)
        return False

    def close(self, token: Token, inner: ScopeWorkflow) -> None:
        """All is done inside: go on."""
        run_of(token).close(inner)
        token.complete()


class Missing(Element):
    """An element that the step cannot run: refused at publish, and here if it ever gets so far."""

    def reach(self, token: Token) -> bool:
        raise Failed("element_not_run", element=self.name, kind=self.node.type)
