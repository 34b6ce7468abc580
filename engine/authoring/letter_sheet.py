"""A letter's template open for editing: its head key by key, its body as text, nothing else touched."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from typing import Any

from engine.errors import Invalid
from engine.letters.heads import MARK
from engine.model import Bilingual

from .form_words import Typed

LANGS = ("zh", "en")
LISTS = ("needs", "fields", "tasks", "basis")
KEY = re.compile(r"//:\s*(\w+)\s*=")
BLANK_LETTER = b"""//: kind = ""
//: title = { zh = "", en = "" }
//: fields = []
#import "/shared/letters/paper.typ": *
#show: committee-letter
#par[]
#closing(by: organ)
"""


class LetterSheet:
    """``head``: what the first lines say, by key; ``body``: all below them.

    Raises Invalid (authoring_not_a_letter): no UTF-8, or the head does not stand first, line by line.
    """

    def __init__(self, content: bytes) -> None:
        self.original = content
        try:
            text = content.decode("utf-8")
        except UnicodeDecodeError:
            raise Invalid("authoring_not_a_letter") from None
        self._newline = "\r\n" if "\r\n" in text else "\n"
        lines = text.replace("\r\n", "\n").split("\n")
        count = next((i for i, line in enumerate(lines) if not line.startswith(MARK)), len(lines))
        self._blocks = _blocks(lines[:count])
        self.body = "\n".join(lines[count:])
        self.head = _read(lines[:count])
        if any(line.startswith(MARK) for line in lines[count:]):
            raise Invalid("authoring_not_a_letter")

    @property
    def title(self) -> Bilingual:
        told = self.head.get("title")
        return told if isinstance(told, dict) else {}

    def listed(self, key: str) -> list[str]:
        """The texts of a list of the head."""
        told = self.head.get(key)
        return [str(one) for one in told] if isinstance(told, list) else []

    @property
    def head_lines(self) -> int:
        """How many lines stand above the body."""
        return sum(map(len, self._blocks.values()))

    @property
    def content(self) -> bytes:
        """The file; the very bytes that came while nothing is different."""
        text = "\n".join([*(line for block in self._blocks.values() for line in block), self.body])
        told = text.replace("\n", self._newline).encode()
        same = self.original.replace(b"\r\n", b"\n") == text.encode()
        return self.original if same else told

    def say(self, typed: Mapping[str, Typed]) -> None:
        """What was typed: ``head`` key by key, lists with spaces or lines between, ``body`` as text."""
        told = typed.get("head", {})
        if "kind" in told:
            self._put("kind", told["kind"].strip())
        words = {lang: told[f"title.{lang}"].strip() for lang in LANGS if f"title.{lang}" in told}
        if words:
            self._put("title", {**self.title, **words})
        for key in LISTS:
            if key in told:
                self._put(key, told[key].split())
        if "text" in typed.get("body", {}):
            self._write(typed["body"]["text"])

    def _write(self, text: str) -> None:
        body = text.replace("\r\n", "\n")
        if body != self.body:
            self.body = body if body.endswith("\n") or not body else f"{body}\n"

    def _put(self, key: str, value: Any) -> None:
        now = self.head.get(key)
        if value == (now if now is not None else [] if key in LISTS else ""):
            return
        if not value and key not in ("kind", "title", "fields"):
            self.head.pop(key, None)
            self._blocks.pop(key, None)
            return
        self.head[key] = value
        self._blocks[key] = [f"{MARK} {key} = {_toml(value)}"]


def _blocks(lines: list[str]) -> dict[str, list[str]]:
    """The lines of the head by the key that they say, in their order; what comes before any: ""."""
    found: dict[str, list[str]] = {}
    key = ""
    for line in lines:
        match = KEY.match(line)
        key = match[1] if match else key
        found.setdefault(key, []).append(line)
    return found


def _read(lines: list[str]) -> dict[str, Any]:
    try:
        return tomllib.loads("\n".join(line.removeprefix(MARK) for line in lines))
    except tomllib.TOMLDecodeError:
        raise Invalid("authoring_not_a_letter") from None


def _toml(value: Any) -> str:
    """Texts, lists of texts and words by language, on one line."""
    if isinstance(value, Mapping):
        said = ", ".join(f"{key} = {_toml(one)}" for key, one in value.items())
        return f"{{ {said} }}"
    if isinstance(value, list):
        return f"[{', '.join(map(_toml, value))}]"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
