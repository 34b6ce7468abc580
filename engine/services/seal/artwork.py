"""Draws the round seal and the line that marks a demonstration, as vectors."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

import pylopdf_fonts_zh_cn as shipped
import segno
import typst

from engine.sealports import DEMONSTRATION

from .codes import spaced

HERE = Path(__file__).parent
SEAL, LINE, FOOT = "seal.typ", "line.typ", "foot.typ"
SIZE = 42.0
"""Millimetres across the round seal of a court."""
SERIF = "Noto Serif SC"
PURPOSE = "示例专用章"
_ONE_AT_A_TIME = Lock()


@cache
def round_seal(name: str, code: str, demonstration: bool) -> bytes:
    """A page of the seal's size (PDF): the name around, the number below, what it is for."""
    mark = DEMONSTRATION.split(" / ")[1] if demonstration else ""
    purpose = PURPOSE if demonstration else ""
    return _drawn(SEAL, {"name": name, "code": code, "purpose": purpose, "mark": mark})


def undrawable(name: str) -> str:
    """The characters of a name that the seal's font lacks, each once; "" when it can be cut."""
    return "" if _draws(name) else "".join(one for one in dict.fromkeys(name) if not _draws(one))


def _draws(name: str) -> bool:
    try:
        round_seal(name, "", False)
    except typst.TypstError:
        return False
    return True


@cache
def marking_line() -> bytes:
    """The line for the head of every page of what a demonstration seal signs (PDF)."""
    return _drawn(LINE, {"words": DEMONSTRATION})


def verification_foot(code: str, address: str, log: str = "") -> bytes:
    """A QR code of 20 mm with the code beside it, and the head of the log (PDF)."""
    drawn = segno.make(address, error="q", micro=False)
    rows = ["".join("1" if dark else "0" for dark in row) for row in drawn.matrix]
    words = {"rows": "/".join(rows), "code": spaced(code), "address": address, "log": log}
    return _drawn(FOOT, words)


def _drawn(template: str, words: Mapping[str, str]) -> bytes:
    with _ONE_AT_A_TIME:
        made: Any = _compiler().compile(
            input=str(HERE / template),
            format="pdf",
            sys_inputs={"font": SERIF, **words},
            pdf_standards=["a-2b"],
            pdf_tags=False,
        )
    content: bytes = made
    return content


@cache
def _compiler() -> typst.Compiler:
    fonts = typst.Fonts(False, False, [str(shipped.serif_path().parent)])
    return typst.Compiler(font_paths=fonts, ignore_system_fonts=True, root=str(HERE))
