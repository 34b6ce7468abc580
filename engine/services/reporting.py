"""Sets what a history tells as a report to be read: PDF/A, the same bytes for the same words."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

import typst

from engine.letters.filling import replaced

from .fonts import FontStack

TEMPLATE = Path(__file__).with_name("report.typ")
_ONE_AT_A_TIME = Lock()


def set_report(told: Mapping[str, Any]) -> bytes:
    """The PDF of ``told``: lang, title, number, date [year, month, day], note, facts
    [[name, value]], parts.

    A part: title, facts, pictures [{title, svg}], entries [{title, facts, lines, blocks}]; a block:
    title, head (names of columns, or none for a list), rows of texts. Characters that no font has are
    told by their code.
    """
    fonts = _fonts()
    sheet = {**replaced(told, fonts.lacks), "fonts": fonts.roles}
    with _ONE_AT_A_TIME:
        made: Any = _compiler().compile(
            input=str(TEMPLATE),
            format="pdf",
            sys_inputs={"data": json.dumps(sheet, ensure_ascii=False)},
            pdf_standards=["a-2a"],
        )
    content: bytes = made
    return content


@cache
def _fonts() -> FontStack:
    return FontStack()


@cache
def _compiler() -> typst.Compiler:
    fonts = typst.Fonts(False, False, list(_fonts().folders))
    return typst.Compiler(font_paths=fonts, ignore_system_fonts=True, root=str(TEMPLATE.parent))
