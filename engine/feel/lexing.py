"""Cuts FEEL text into tokens; the names in scope decide where a name with spaces ends."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from lark import Token

from engine.feel.errors import refuse
from engine.feel.limits import NESTING, TEXT

KEYWORDS = frozenset(
    [
        "if",
        "then",
        "else",
        "for",
        "in",
        "return",
        "some",
        "every",
        "satisfies",
        "and",
        "or",
        "between",
        "function",
        "null",
        "true",
        "false",
    ]
)
SYMBOLS = {
    "..": "DOTDOT", "->": "ARROW", "**": "POWER", "<=": "LE", ">=": "GE", "!=": "NE", "=": "EQ",
    "<": "LT", ">": "GT", "+": "PLUS", "-": "MINUS", "*": "TIMES", "/": "DIVIDE", "(": "LPAR",
    ")": "RPAR", "[": "LSQB", "]": "RSQB", "{": "LBRACE", "}": "RBRACE", ",": "COMMA",
    ":": "COLON", ".": "DOT",
}  # fmt: skip
OPERAND_ENDS = frozenset(
    [
        "NAME",
        "NUMBER",
        "STRING",
        "AT",
        "NULL",
        "TRUE",
        "FALSE",
        "RPAR",
        "RSQB",
        "RBRACE",
        "RANGE_END",
    ]
)
START = r"[^\W\d]|[?\U00010000-\U000EFFFF]"
PART = r"[\w?\u200C\u200D\uFE0F\U00010000-\U000EFFFF]"
_TOKEN = re.compile(
    r"(?P<space>(?:[\s\ufeff\u180e\u200b]|//[^\n]*|/\*.*?\*/)+)"
    r"|(?P<NUMBER>(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?)"
    r'|(?P<AT>@\s*"[^"\\]*")'
    r'|(?P<STRING>"(?:[^"\\]|\\.)*")'
    rf"|(?P<NAME>(?:{START}){PART}*)"
    r"|(?P<symbol>\.\.|->|\*\*|<=|>=|!=|[=<>+\-*/()\[\]{},:.])",
    re.DOTALL,
)
_KEY = re.compile(rf"(?:{START})(?:{PART}|(?!/[/*])[ \t.+\-*/'])*?(?=\s*:)")
_VARIABLE = re.compile(rf"(?:{START})(?:{PART}|[ \t])*?(?=\s+in\b)")
_COLON = re.compile(r"\s*:")
_INSTANCE = re.compile(r"instance\s+of\b")
_EXTERNAL = re.compile(r"external(?=\s*\{)")
_OPERAND_START = re.compile(rf'["@\d(\[{{\-]|\.\d|(?:{START})')
_PLAIN_START = re.compile(rf'["@\d]|\.\d|(?:{START})')
_NO_OPERAND = re.compile(r"(?:then|else|in|return|satisfies|and|or|between|instance)\b")
_PIECES = re.compile(rf"{PART}+|[^\w\s]")
KEYS = 40
"""Keys of several words that one text may read again."""
WIDE = dict(zip("（）［］｛｝，：＋－＊／＝＜＞。“”", '()[]{},:+-*/=<>.""', strict=True))
"""What an input method leaves behind, with what was meant."""


@lru_cache(maxsize=256)
def _phrases(names: frozenset[str]) -> tuple[re.Pattern[str] | None, dict[tuple[str, ...], str]]:
    """One pattern of all names that are more than one word, and how each is spelt."""
    spelt = {tuple(_PIECES.findall(name)): name for name in names}
    spoken = [pieces for name in names if len(pieces := _PIECES.findall(name)) > 1]
    spoken.sort(key=lambda pieces: (-len("".join(pieces)), pieces))
    pattern = "|".join(r"\s*".join(map(_piece, pieces)) + _border(pieces) for pieces in spoken)
    return (re.compile(pattern) if spoken else None), spelt


def _piece(piece: str) -> str:
    # Two words need a space between them, a sign needs none.
    return re.escape(piece) + (rf"(?!{PART})" if re.match(PART, piece) else "")


def _border(pieces: list[str]) -> str:
    return "" if re.match(PART, pieces[-1]) else rf"(?!{PART})"


class Scanner:
    """One pass over one text. ``names`` are those in scope; keys of contexts join them as they come."""

    def __init__(self, text: str, names: Iterable[str]) -> None:
        if len(text) > TEXT:
            raise refuse("feel_too_long", text, TEXT, found=str(len(text)), expected=str(TEXT))
        self.text = text
        self.names = frozenset(names)
        self.keys: frozenset[str] = frozenset()
        self.at = 0
        self.last = ""
        self.depth = 0

    def tokens(self) -> Iterator[Token]:
        while self.at < len(self.text):
            token = self._next()
            if token:
                self._count(token)
                self.last = token.type
                yield token

    def _next(self) -> Token | None:
        name = self._name()
        if name:
            return name
        match = _TOKEN.match(self.text, self.at)
        if not match:
            raise self._unknown()
        kind, value = str(match.lastgroup), match.group()
        if kind == "space":
            self.at = match.end()
            return None
        if kind == "STRING" and _COLON.match(self.text, match.end()) and "\\" not in value:
            self._remember(value[1:-1])
        return self._take(self._kind(kind, value, match.end()), value, match.end())

    def _kind(self, kind: str, value: str, end: int) -> str:
        if kind == "NAME" and value in KEYWORDS and self.last != "DOT":
            return value.upper()
        if kind != "symbol":
            return kind
        if (
            value == "["
            and self.last in OPERAND_ENDS
            and not self._operand_follows(end, _OPERAND_START)
        ):
            return "RANGE_END"
        if value == "]" and self.last not in OPERAND_ENDS:
            # Behind [ a sign or bracket belongs to an empty list, not to an open range.
            starts = _PLAIN_START if self.last == "LSQB" else _OPERAND_START
            return "RANGE_START" if self._operand_follows(end, starts) else "RSQB"
        return SYMBOLS[value]

    def _operand_follows(self, end: int, starts: re.Pattern[str]) -> bool:
        space = re.compile(r"\s*").match(self.text, end)
        start = space.end() if space else end
        follows = starts.match(self.text, start)
        return bool(follows) and not _NO_OPERAND.match(self.text, start)

    def _name(self) -> Token | None:
        """A name that the plain pattern would cut too short, or a two-word keyword."""
        if self.last in ("LBRACE", "COMMA", "LPAR"):
            key = _KEY.match(self.text, self.at)
            if key and (self.last != "LPAR" or " " in key.group()):
                name = " ".join(key.group().split())
                self._remember(name)
                return self._take("NAME", name, key.end())
        if self.last in ("FOR", "SOME", "EVERY"):
            variable = _VARIABLE.match(self.text, self.at)
            if variable and " " in variable.group():
                name = " ".join(variable.group().split())
                self._remember(name)
                return self._take("NAME", name, variable.end())
        for kind, pattern in (("INSTANCE", _INSTANCE), ("EXTERNAL", _EXTERNAL)):
            match = pattern.match(self.text, self.at)
            if match:
                return self._take(kind, match.group(), match.end())
        return self._phrase()

    def _phrase(self) -> Token | None:
        found: tuple[int, str] = (0, "")
        for names in (self.names, self.keys):
            phrases, spelt = _phrases(names)
            match = phrases.match(self.text, self.at) if phrases else None
            if match:
                found = max(found, (match.end(), spelt[tuple(_PIECES.findall(match.group()))]))
        return self._take("NAME", found[1], found[0]) if found[0] else None

    def _remember(self, key: str) -> None:
        """Keys of several words may be read further on; more than KEYS are not kept in mind."""
        if len(self.keys) < KEYS and len(_PIECES.findall(key)) > 1:
            self.keys |= {key}

    def _take(self, kind: str, value: str, end: int) -> Token:
        token = Token(kind, value, start_pos=self.at, end_pos=end)
        self.at = end
        return token

    def _count(self, token: Token) -> None:
        if token.type in ("LPAR", "LSQB", "LBRACE"):
            self.depth += 1
        elif token.type in ("RPAR", "RSQB", "RBRACE"):
            self.depth -= 1
        if self.depth > NESTING:
            raise refuse("feel_too_deep", self.text, self.at, expected=str(NESTING))

    def _unknown(self) -> Exception:
        found = self.text[self.at]
        if found in '"@':
            return refuse("feel_string_open", self.text, self.at, found=found)
        if found in WIDE:
            return refuse("feel_wide_character", self.text, self.at, found, WIDE[found])
        return refuse("feel_character", self.text, self.at, found=found)
