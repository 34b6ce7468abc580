"""The fonts that letters are set in: a customer's folder first, then those that come with the product."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path

import pylopdf_fonts_zh_cn as shipped
from fontTools.ttLib import TTCollection, TTFont

from engine.errors import Invalid

SERIF, SANS = "Noto Serif SC", "Noto Sans SC"
ROLES: Mapping[str, tuple[str, ...]] = {
    "title": (SERIF,),  # 小标宋: names of courts and of documents
    "body": (SERIF,),  # 仿宋
    "head": (SANS,),  # 黑体: headings within the text, labels of forms
    "kai": (SERIF,),  # 楷体: what is quoted
    "number": (SERIF,),  # page numbers, figures
}
SUFFIXES = (".otf", ".ttf", ".ttc", ".otc")


@dataclass(frozen=True)
class FontStack:
    """``folder``: font files of the customer and ``fonts.toml`` with families by role, e.g.
    ``body = ["FangSong_GB2312"]``; they go before the shipped ones, which fill what they lack.

    Fonts that the machine happens to have are never asked: the same data gives the same bytes
    wherever it is set. Raises Invalid (fonts_missing, fonts_table) when made.
    """

    folder: Path | None = None
    roles: Mapping[str, tuple[str, ...]] = field(init=False)

    def __post_init__(self) -> None:
        chosen = self._chosen() if self.folder else {}
        stacks = {role: (*chosen.get(role, ()), *last, SANS) for role, last in ROLES.items()}
        object.__setattr__(self, "roles", stacks)

    def _chosen(self) -> Mapping[str, tuple[str, ...]]:
        if not self.files_of_customer():
            raise Invalid("fonts_missing", folder=str(self.folder))
        table = Path(str(self.folder)) / "fonts.toml"
        try:
            told = tomllib.loads(table.read_text("utf-8")) if table.is_file() else {}
            chosen = {role: tuple(str(name) for name in told[role]) for role in told}
        except (ValueError, TypeError) as error:
            raise Invalid("fonts_table", reason=str(error)) from error
        unknown = sorted(chosen.keys() - ROLES.keys())
        if unknown:
            raise Invalid("fonts_table", reason=", ".join(unknown))
        return chosen

    def files_of_customer(self) -> list[Path]:
        found = self.folder.rglob("*") if self.folder and self.folder.is_dir() else []
        return sorted(one for one in found if one.suffix.lower() in SUFFIXES)

    @property
    def folders(self) -> list[str]:
        """Where the compiler looks, the customer's first."""
        own = [str(self.folder)] if self.folder else []
        return [*own, str(shipped.serif_path().parent)]

    @cached_property
    def characters(self) -> frozenset[int]:
        """Every code point that one of the fonts draws."""
        files = (*self.files_of_customer(), shipped.serif_path(), shipped.sans_path())
        return frozenset().union(*(_drawn_by(file) for file in files))

    def lacks(self, text: str) -> str:
        """The characters of a text that no font draws, each once, in order."""
        return "".join(dict.fromkeys(one for one in text if ord(one) not in self.characters))


@cache
def _drawn_by(file: Path) -> frozenset[int]:
    return frozenset(point for font in _fonts(file) for point in font.getBestCmap() or ())


def _fonts(file: Path) -> Iterator[TTFont]:
    if file.suffix.lower() in (".ttc", ".otc"):
        with TTCollection(file, lazy=True) as collection:
            yield from collection.fonts
    else:
        with TTFont(file, lazy=True) as font:
            yield font
