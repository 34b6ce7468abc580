"""What a seal takes: making and judging one, with keys in files, and how much a file grows."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

import pylopdf_fonts_zh_cn as fonts
import typst

from engine.sealports import Mark
from engine.services.seal.authority import Authority
from engine.services.seal.custody import SoftwareKeys
from engine.services.seal.keyfiles import KeyFiles
from engine.services.seal.provider import LocalSeals
from engine.services.seal.stamping import OwnStamps

from . import Figure

ROUNDS = 15
LONG = 12_000
"""Paragraphs of three hundred pages."""
NAME = "示范县人民法院"
LETTER = """#set document(title: "裁定书", date: datetime(year: 2026, month: 3, day: 2))
#set text(font: "Noto Serif SC", lang: "zh")
= 裁定书
"""


def measure() -> Iterator[Figure]:
    """Medians over a two-page letter; opening the keys is told apart, it happens once a process."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        letter = _letter(folder)
        seals = _seals(folder / "keys")
        begun = perf_counter()
        certificate = seals.issue("court", NAME, _now() + timedelta(days=700)).certificate
        _seal(seals, letter, [_mark("court")], {"court": certificate})
        yield Figure("seal: the first one, keys made and opened", perf_counter() - begun, "s")
        one = partial(_seal, seals, letter, [_mark("court")], {"court": certificate})
        three = dict.fromkeys(("judge", "clerk", "court"), certificate)
        for key in ("judge", "clerk"):
            three[key] = seals.issue(key, key, _now() + timedelta(days=700)).certificate
        marks = [_mark(key, key == "court") for key in three]
        yield Figure("seal: one B-LTA, CPU", _each(one), "ms")
        yield Figure(
            "seal: judge, clerk and court, CPU",
            _each(lambda: _seal(seals, letter, marks, three)),
            "ms",
        )
        sealed = one()
        yield Figure("seal: verifying, CPU", _each(lambda: seals.verify(sealed)), "ms")
        yield Figure("seal: growth of the file", (len(sealed) - len(letter)) / 1024, "kB")
        long = _letter(folder, LONG)
        begun = process_time()
        sealed = _seal(seals, long, [_mark("court")], {"court": certificate})
        yield Figure("seal: 300 pages, CPU", process_time() - begun, "s")
        begun = process_time()
        seals.verify(sealed)
        yield Figure("seal: verifying 300 pages, CPU", process_time() - begun, "s")


def _seal(
    seals: LocalSeals, pdf: bytes, marks: Sequence[Mark], certificates: Mapping[str, bytes]
) -> bytes:
    made = seals.prepare(pdf, marks, "0" * 16)
    for mark in marks:
        made = seals.sign(made, mark, certificates[mark.key])
    return made


def _each(act: Callable[[], object]) -> float:
    taken = []
    for _ in range(ROUNDS):
        begun = process_time()
        act()
        taken.append(process_time() - begun)
    return median(taken) * 1e3


def _letter(folder: Path, paragraphs: int = 60) -> bytes:
    path = folder / "letter.typ"
    path.write_text(LETTER + "双方当事人之间的协议有效。\n\n" * paragraphs, "utf-8")
    made = typst.compile(
        str(path),
        font_paths=[str(fonts.serif_path().parent)],
        ignore_system_fonts=True,
        pdf_standards=["a-2a", "ua-1"],
    )
    return bytes(made)


def _seals(folder: Path) -> LocalSeals:
    files = KeyFiles(folder)
    authority = Authority(files, _now)
    stamper = partial(OwnStamps, authority)
    return LocalSeals(SoftwareKeys(files, authority), authority, stamper, _now)


def _mark(key: str, drawn: bool = True) -> Mark:
    return Mark(key, key, 1, 400, 200, NAME if drawn else "", "1", demonstration=drawn)


def _now() -> datetime:
    return datetime.now(UTC)
