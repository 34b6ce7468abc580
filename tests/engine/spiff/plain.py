"""Plain SpiffWorkflow 3.2.0, used as its documentation says: to show what the step mends."""

from __future__ import annotations

import json
from typing import Any

from lxml import etree
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.deep_merge import DeepMerge
from SpiffWorkflow.util.task import TaskState

from tests.builders import process


def parsed(xml: bytes) -> tuple[Any, Any]:
    """The process ``p`` and what it calls, as its parser gives them."""
    parser = BpmnParser()
    parser.add_bpmn_xml(etree.fromstring(xml))
    return parser.get_spec("p"), parser.get_subprocess_specs("p")


class PlainCase:
    """A workflow that runs Python expressions and keeps data in its tasks."""

    def __init__(self, xml: bytes) -> None:
        self.flow = BpmnWorkflow(*parsed(xml))
        self.flow.do_engine_steps()

    def task(self, name: str) -> Task:
        return next(iter(self.flow.get_tasks(spec_name=name, state=TaskState.READY)))

    def finished(self, name: str) -> Task:
        return next(iter(self.flow.get_tasks(spec_name=name, state=TaskState.COMPLETED)))

    def open(self) -> list[str]:
        return sorted(one.task_spec.name for one in self.flow.get_tasks(state=TaskState.READY))

    def do(self, name: str, **values: Any) -> PlainCase:
        task = self.task(name)
        task.data.update(values)
        task.run()
        self.flow.do_engine_steps()
        return self

    def reload(self, sort_keys: bool = False) -> PlainCase:
        serializer = BpmnWorkflowSerializer()
        text = serializer.serialize_json(self.flow)
        if sort_keys:
            text = json.dumps(json.loads(text), sort_keys=True)
        self.flow = serializer.deserialize_json(text)
        return self

    @staticmethod
    def merge(old: Any, new: Any) -> Any:
        return DeepMerge.merge(old, new)


def plain_case(flows: str, *parts: str, root: str = "") -> PlainCase:
    return PlainCase(process(flows, *parts, root=root))
