"""The built-in functions by name, filled by the modules beside this one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from engine.feel.calling import Builtin, Signature

BUILTINS: dict[str, Builtin] = {}
Body = TypeVar("Body", bound=Callable[..., Any])


def builtin(name: str, *signatures: str) -> Callable[[Body], Body]:
    """Registers ``body(run, *values)`` under a FEEL name, with one or more signatures."""

    def register(body: Body) -> Body:
        function = BUILTINS.setdefault(name, Builtin(name, body))
        function.signatures += [Signature(written, body) for written in signatures]
        return body

    return register
