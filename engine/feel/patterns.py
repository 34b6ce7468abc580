"""XPath regular expressions, which FEEL asks for, put into the words of RE2, which cannot hang.

Back-references and subtracted classes have no such words: a pattern with them is not understood.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

import re2

LENGTH = 1_000
"""Characters of one pattern."""
MEMORY = 1 << 20
"""Bytes that RE2 may use for one compiled pattern; beyond that it refuses the pattern."""
LITERAL = frozenset("nrt\\|.?*+(){}-[]^$/ ")
"""What XPath lets a backslash stand before, meaning the same in RE2."""
SETS = {
    "d": r"\p{Nd}",
    "s": r" \t\n\r",
    "w": r"\pL\pM\pN\pS",
    "i": r"\pL_:",
    "c": r"\pL\pM\pN\-._:",
    "D": r"\P{Nd}",
    "W": r"\pP\pZ\pC",
}
"""Classes of characters, written so that they fit inside brackets."""
NEGATED = {"S": "s", "W": "w", "I": "i", "C": "c"}
BLOCKS = {
    "BasicLatin": r"\x00-\x7f",
    "Latin-1Supplement": r"\x{80}-\x{ff}",
    "Greek": r"\x{370}-\x{3ff}",
    "Cyrillic": r"\x{400}-\x{4ff}",
    "CJKSymbolsandPunctuation": r"\x{3000}-\x{303f}",
    "Hiragana": r"\x{3040}-\x{309f}",
    "Katakana": r"\x{30a0}-\x{30ff}",
    "CJKUnifiedIdeographs": r"\x{4e00}-\x{9fff}",
    "HalfwidthandFullwidthForms": r"\x{ff00}-\x{ffef}",
}
_PART = re.compile(r"\\[pP]\{Is([A-Za-z0-9-]+)\}|\\[pP](?:\{\w+\}|\w)|\\.|.", re.DOTALL)
_SPACE_OUTSIDE = re.compile(r"(\[[^\]]*\])|\s+")


@lru_cache(maxsize=256)
def pattern_of(pattern: str, flags: str) -> Any:
    """A compiled pattern; None if it or one of its flags (s m i x q) is not understood."""
    if len(pattern) > LENGTH or not set(flags) <= set("smixq"):
        return None
    options = re2.Options()
    options.log_errors = False
    options.max_mem = MEMORY
    options.dot_nl = "s" in flags
    options.case_sensitive = "i" not in flags
    try:
        translated = re2.escape(pattern) if "q" in flags else _translate(pattern, flags)
        return re2.compile(f"(?m){translated}" if "m" in flags else translated, options)
    except (re2.error, KeyError):
        return None


def _translate(pattern: str, flags: str) -> str:
    """The same pattern for RE2; KeyError for an escape that XPath does not know."""
    if "x" in flags:
        pattern = _SPACE_OUTSIDE.sub(lambda match: match[1] or "", pattern)
    parts: list[str] = []
    inside = False
    for match in _PART.finditer(pattern):
        part = match.group()
        if part in ("[", "]"):
            inside = part == "["
        if part == "." and not inside and "s" not in flags:
            part = r"[^\n\r]"
        parts.append(_escape(match, inside) if part[0] == "\\" else part)
    return "".join(parts)


def _escape(match: re.Match[str], inside: bool) -> str:
    part = match.group()
    if match[1]:
        negated = part[1] == "P"
        return _class(BLOCKS[match[1]], inside, negated)
    sign = part[1]
    if sign in "pP" or sign in LITERAL:
        return part
    if sign in NEGATED and not inside:
        return _class(SETS[NEGATED[sign]], inside, True)
    return _class(SETS[sign], inside, False)


def _class(signs: str, inside: bool, negated: bool) -> str:
    if inside and negated:
        raise KeyError(signs)
    return signs if inside else f"[{'^' if negated else ''}{signs}]"
