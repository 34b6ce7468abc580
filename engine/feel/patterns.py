"""XPath regular expressions, which FEEL asks for, put into the words of RE2, which cannot hang."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import re2

LENGTH = 1_000
"""Characters of one pattern."""
MEMORY = 1 << 20
"""Bytes that RE2 may use for one compiled pattern; beyond that it refuses the pattern."""


@lru_cache(maxsize=256)
def pattern_of(pattern: str, flags: str) -> Any:
    """A compiled pattern; None if it or one of its flags (s m i x q) is not understood."""
    if len(pattern) > LENGTH or not set(flags) <= set("smixq"):
        return None
    translated = re2.escape(pattern) if "q" in flags else _translate(pattern, flags)
    kept = "".join(sorted(set(flags) & set("smi")))
    options = re2.Options()
    options.log_errors = False
    options.max_mem = MEMORY
    try:
        return re2.compile(f"(?{kept}){translated}" if kept else translated, options)
    except re2.error:
        return None


def _translate(pattern: str, flags: str) -> str:
    """The same pattern where ``.`` stops at line ends and, with x, white space is left out."""
    parts: list[str] = []
    inside, index = False, 0
    while index < len(pattern):
        sign = pattern[index]
        width = 2 if sign == "\\" else 1
        if sign in "[]":
            inside = sign == "["
        if not inside and sign == "." and "s" not in flags:
            parts.append(r"[^\n\r]")
        elif inside or "x" not in flags or not sign.isspace():
            parts.append(pattern[index : index + width])
        index += width
    return "".join(parts)
