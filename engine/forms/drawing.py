"""What the ``ui`` part says, read word by word, with a finding for each thing that does not fit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import re2

from engine.errors import Invalid
from engine.feel import Expression, parse
from engine.forms.schema import at
from engine.model import Finding
from engine.texts import Lang
from engine.texts import text as sentence

LANGUAGES: tuple[Lang, ...] = ("zh", "en")


class Drawing:
    """The resolved schema, the ``fields`` part over it, and the findings so far."""

    def __init__(self, schema: Mapping[str, Any], fields: Mapping[str, Any]) -> None:
        self.schema = schema
        self.fields = fields
        self.findings: list[Finding] = []

    def find(
        self, code: str, where: Any, level: Literal["error", "warning"] = "error", **params: Any
    ) -> None:
        finding = Finding(code, str(where), level, params=params)
        if finding not in self.findings:
            self.findings.append(finding)

    def node(self, pointer: str) -> Mapping[str, Any] | None:
        return at(self.schema, pointer)

    def ui(self, pointer: str, node: Mapping[str, Any]) -> Mapping[str, Any]:
        """What the shared type says of itself, and over it what the form says."""
        return {**(node.get("ui") or {}), **(self.fields.get(pointer) or {})}

    def basis(self, told: Mapping[str, Any]) -> tuple[str, ...]:
        said = told.get("basis") or []
        return (said,) if isinstance(said, str) else tuple(str(one) for one in said)

    def expression(self, told: Mapping[str, Any], key: str, where: str) -> Expression | None:
        if key not in told:
            return None
        return self.feel(told[key], where)

    def feel(self, text: Any, where: str) -> Expression | None:
        """A FEEL expression; true and false may be written as JSON."""
        if isinstance(text, bool):
            text = "true" if text else "false"
        try:
            return parse(str(text))
        except Invalid as refused:
            zh, en = (sentence(refused.code, lang, refused.params) for lang in LANGUAGES)
            said = {"text": str(text)[:200], "problem_zh": zh, "problem_en": en}
            self.findings.append(Finding("form_expression_invalid", where, params=said))
            return None

    def pattern(self, where: str, pattern: Any) -> None:
        try:
            re2.compile(str(pattern))
        except re2.error:
            self.find("form_pattern_invalid", where, pattern=str(pattern))
