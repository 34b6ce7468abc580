"""A BPMN error on its way to the event that catches it."""

from __future__ import annotations

from engine.errors import EngineError


class BpmnError(Exception):
    """Thrown by an element; ``code`` is matched by error events, ``origin`` what really happened.

    ``kind`` is "error", or "cancel" for the cancel end event of a transaction.
    """

    def __init__(
        self, code: str, reason: str = "", origin: EngineError | None = None, kind: str = "error"
    ) -> None:
        super().__init__(code)
        self.code = code
        self.reason = reason
        self.origin = origin
        self.kind = kind
