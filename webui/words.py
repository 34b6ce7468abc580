"""What the screens say: texts/*.toml by key, and in which language this person reads them."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from flask import current_app, g, request, session
from markupsafe import Markup

from engine.model import Bilingual

TEXTS = Path(__file__).parent / "texts"
LANGS = ("zh", "en")


@cache
def words() -> Mapping[str, Mapping[str, str]]:
    """Every screen word: ``{"inbox.mine": {"zh": ..., "en": ...}}``, the area is the file's name."""
    found: dict[str, Mapping[str, str]] = {}
    for path in sorted(TEXTS.glob("*.toml")):
        for code, word in tomllib.loads(path.read_text("utf-8")).items():
            found[f"{path.stem}.{code}"] = word
    return found


def lang() -> str:
    """The reader's language: the signed-in person's, else what was chosen here, else the default."""
    here = g._get_current_object()
    person = getattr(here, "signed", None)
    known: tuple[Any, str] | None = getattr(here, "reads", None)
    if known and known[0] is person:
        return known[1]
    chosen = (person.lang if person else "") or session.get("lang") or ""
    here.reads = (person, chosen if chosen in LANGS else str(current_app.config["LANG"]))
    return str(here.reads[1])


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """In this language whoever reads, as on paper that comes in both."""
    here = g._get_current_object()
    before = getattr(here, "reads", None)
    here.reads = (getattr(here, "signed", None), language)
    yield
    here.reads = before


def choose(language: str) -> None:
    """Read in another language from here on, as long as nobody who has chosen is signed in."""
    session["lang"] = language
    g.pop("reads", None)


def t(key: str, **params: Any) -> Markup | str:
    """A screen word with its ``{placeholders}`` filled (and escaped); KeyError for an unknown key."""
    word = words()[key][lang()]
    return Markup(word).format(**params) if params else word  # noqa: S704 - our own texts


def known(key: str, otherwise: str) -> str:
    """A screen word, or the code itself where a register may hold codes that no text names."""
    return words()[key][lang()] if key in words() else otherwise


def pick(label: Bilingual | str | None, otherwise: str = "") -> str:
    """The reader's side of a bilingual label; the other language where one is missing."""
    if not label:
        return otherwise
    if isinstance(label, str):
        return label
    other = "en" if lang() == "zh" else "zh"
    return label.get(lang()) or label.get(other) or otherwise


def local_target(otherwise: str) -> str:
    """Where a form asked to go next: a path of this site, never another's."""
    asked = request.values.get("next", "")
    inside = asked.startswith("/") and not asked.startswith(("//", "/\\"))
    return asked if inside and asked.isprintable() else otherwise
