"""Five families of refusal: each carries a code and parameters, the words live in texts/."""

from __future__ import annotations

import re
from typing import Any


class EngineError(Exception):
    """The engine refused.

    The docstring is the default message, ``code`` the class name in snake case unless a
    narrower code is given; ``params`` fill the catalogue text of that code (texts/*.toml).
    """

    def __init__(self, code: str | None = None, **params: Any) -> None:
        self.code = code or _snake(type(self).__name__)
        self.params = params
        message = (type(self).__doc__ or "").splitlines()[0]
        super().__init__(f"{message} [{self.code}] {params}" if params or code else message)


class NotFound(EngineError):
    """There is no such thing."""


class NotAllowed(EngineError):
    """This person may not do that."""


class Conflict(EngineError):
    """Somebody or something else was faster."""


class Invalid(EngineError):
    """The input does not fit; ``problems`` says where and why."""

    def __init__(self, code: str | None = None, problems: Any = (), **params: Any) -> None:
        super().__init__(code, **params)
        self.problems = tuple(problems)


class Failed(EngineError):
    """An effect did not work; ``permanent`` decides between a retry and a human."""

    def __init__(self, code: str | None = None, permanent: bool = False, **params: Any) -> None:
        super().__init__(code, **params)
        self.permanent = permanent


def _snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
