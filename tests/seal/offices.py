"""A small document with a place for its seal, and a seal office over a folder."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property, partial
from pathlib import Path

import pylopdf_fonts_zh_cn as fonts
import typst

from engine.sealports import Mark
from engine.services.seal.authority import Authority
from engine.services.seal.custody import SoftwareKeys
from engine.services.seal.keyfiles import KeyFiles
from engine.services.seal.provider import LocalSeals
from engine.services.seal.stamping import OwnStamps

COURT = "云溪县人民法院"
NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
LETTER = """
#set document(title: "民事裁定书", date: datetime(year: 2026, month: 3, day: 2))
#set text(font: "Noto Serif SC", lang: "zh")
= 民事裁定书
确认调解协议有效。
#pagebreak()
审判员　陈静 #linebreak() 书记员　周云 #linebreak() 二〇二六年三月二日
"""


class Clock:
    """Stands still until it is set."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Office:
    """A seal office over a folder."""

    folder: Path
    clock: Clock

    @cached_property
    def files(self):
        return KeyFiles(self.folder, rounds=1000)

    @cached_property
    def authority(self):
        return Authority(self.files, self.clock)

    @cached_property
    def seals(self):
        keys = SoftwareKeys(self.files, self.authority)
        return LocalSeals(keys, self.authority, partial(OwnStamps, self.authority), self.clock)

    def certificates(self, *names):
        until = NOW + timedelta(days=700)
        return {name: self.seals.issue(name, COURT, until).certificate for name in names}

    def sealed(self, pdf, *marks):
        return signed_by(self.seals, pdf, marks, self.certificates(*(one.key for one in marks)))


def signed_by(seals, pdf, marks, certificates, code=""):
    """The file signed by everybody in order."""
    made = seals.prepare(pdf, marks, code)
    for one in marks:
        made = seals.sign(made, one, certificates[one.key])
    return made


def mark(name: str, y: float = 750, drawn: bool = True) -> Mark:
    seal = {"name": COURT, "code": "5301020000001", "demonstration": True} if drawn else {}
    return Mark(name, name, 2, 150, y, **seal)


def typeset(folder: Path) -> bytes:
    """Two pages, PDF/A-2a and PDF/UA-1."""
    path = folder / "letter.typ"
    path.write_text(LETTER, "utf-8")
    where = [str(fonts.serif_path().parent)]
    return typst.compile(
        str(path), font_paths=where, ignore_system_fonts=True, pdf_standards=["a-2a", "ua-1"]
    )
