"""What a case would have done on another release: the same, or where the two part."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

Verdict = Literal["same", "other", "stuck", "clock", "input", "erased"]


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """What a case would have done. ``code`` and ``params``: why, of the first difference.

    ``seq``, ``at``: the recorded input after which it shows.
    """

    verdict: Verdict
    code: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)
    seq: int = -1
    at: datetime | None = None


class Parted(Exception):
    """The draft cannot take the next recorded input."""

    def __init__(self, verdict: Verdict, code: str, **params: Any) -> None:
        super().__init__(code)
        self.told = (verdict, code, params)
