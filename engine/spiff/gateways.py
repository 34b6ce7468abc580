"""What gateways do with a token."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from engine.diagram import Flow, Node

from . import joins
from .run import run_of
from .specs import Element
from .tokens import Token


class ExclusiveGateway(Element):
    def leave(self, token: Token) -> None:
        joins.send_on(token, joins.first_flow(token))


class ParallelGateway(Element):
    joins = True

    def reach(self, token: Token) -> bool:
        return joins.wait_for_all(token)

    def leave(self, token: Token) -> None:
        joins.send_on(token, self.flows)


class InclusiveGateway(Element):
    """``before``: one move back from every element; ``sources``: where each incoming flow begins."""

    joins = True
    is_inclusive = True

    def __init__(self, wf_spec: Any, node: Node, flows: tuple[Flow, ...]) -> None:
        super().__init__(wf_spec, node, flows)
        self.before: Mapping[str, list[str]] = {}
        self.sources: Mapping[str, str] = {}

    @cached_property
    def upstream(self) -> dict[str, frozenset[str]]:
        """For each incoming flow, the elements from which a token could still take it."""
        return {flow: self._reaching(source) for flow, source in self.sources.items()}

    def _reaching(self, source: str) -> frozenset[str]:
        seen: set[str] = set()
        todo = [source]
        while todo:
            at = todo.pop()
            if at not in seen and at != self.name:
                seen.add(at)
                todo.extend(self.before.get(at, ()))
        return frozenset(seen)

    def reach(self, token: Token) -> bool:
        return joins.wait_for_some(token)

    def leave(self, token: Token) -> None:
        joins.send_on(token, joins.true_flows(token))


class EventGateway(Element):
    """Sets every event drawn behind it; the first to happen wins."""

    def leave(self, token: Token) -> None:
        run = run_of(token)
        race = run.split()
        for flow in self.flows:
            rival = run.spawn(token, self._wf_spec.task_specs[flow.target])
            rival.note.update(race=race, came=flow.id)
