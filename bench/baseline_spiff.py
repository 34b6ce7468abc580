"""Frozen baseline: plain SpiffWorkflow 3.2.0 doing load-JSON, one step, save-JSON, as fast as it goes.

Written to be fast: one serializer for all cases, no logging, the parsed specs shared at the start.
Do not improve the product by touching this file.
"""

from __future__ import annotations

import logging
from typing import Any

from lxml import etree
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.util.task import TaskState

logging.disable(logging.CRITICAL)


class Baseline:
    """Cases of one process; the state of a case is the JSON text SpiffWorkflow writes."""

    def __init__(self, xml: bytes, process: str = "p") -> None:
        parser = BpmnParser()
        parser.add_bpmn_xml(etree.fromstring(xml))
        self._spec = parser.get_spec(process)
        self._inner = parser.get_subprocess_specs(process)
        self._serializer = BpmnWorkflowSerializer()
        self._engine = PythonScriptEngine()

    def start(self) -> str:
        case = BpmnWorkflow(self._spec, self._inner, script_engine=self._engine)
        case.do_engine_steps()
        return str(self._serializer.serialize_json(case))

    def step(self, state: str, values: dict[str, Any]) -> str:
        """Load a case, complete its first open user task, run on, save it."""
        case = self._serializer.deserialize_json(state)
        case.script_engine = self._engine
        task = case.get_next_task(state=TaskState.READY, manual=True)
        task.data.update(values)
        task.run()
        case.do_engine_steps()
        return str(self._serializer.serialize_json(case))
