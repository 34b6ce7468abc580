"""Citations of law and policy: read an id such as S6-12, say it in both languages as of a day."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from .errors import NotFound
from .model import Bilingual
from .texts import text

_REF = re.compile(
    r"(?P<source>S\d+)(?:-(?P<article>\d+)(?:p(?P<para>\d+))?(?:\((?P<item>\d+)\))?)?"
)


@dataclass(frozen=True, slots=True)
class Citation:
    """What a reference points at: text by language, level of verification, its note if any."""

    ref: str
    text: Bilingual
    level: str  # V1 read, V2 excerpts only, V3 recalled; "" for a clause of policy
    note: Bilingual | None = None
    act: Bilingual | None = None  # how the text begins: what the article is one of


def cite(
    registers: Mapping[str, Any], ref: str, on: date | None = None, short: bool = False
) -> Citation:
    """The citation behind a reference in the version in force on that day (K13).

    ``ref`` is S6-12, S1-101(4) (item), S18-178p2 (paragraph), S31 (whole source) or a clause id
    (CQ2.3, YN3.3c). ``registers`` holds ``sources`` and ``clauses``; NotFound (citation_unknown).
    """
    clause = registers.get("clauses", {}).get(ref)
    if clause:
        return Citation(ref, _clause(ref, clause, short), "")
    match = _REF.fullmatch(ref)
    source = match and registers.get("sources", {}).get(match["source"])
    if not match or not source:
        raise NotFound("citation_unknown", ref=ref)
    return _source(source, match, on, short)


def together(some: Iterable[Citation], lang: str) -> list[str]:
    """Several in words, each act named once: 《民事诉讼法》第114条、第115条."""
    found: dict[str, list[str]] = {}
    for one in some:
        act = (one.act or one.text)[lang]
        found.setdefault(act, []).append(one.text[lang].removeprefix(act))
    between = "、" if lang == "zh" else ""
    return [act + between.join(articles) for act, articles in found.items()]


def source_of(ref: str) -> str:
    """The source of law that a reference points into: S6 for S6-12; "" for a clause of policy."""
    match = _REF.fullmatch(ref)
    return match["source"] if match else ""


def versions_on(
    source: Mapping[str, Any], on: date
) -> tuple[Mapping[str, Any], Mapping[str, Any] | None, Mapping[str, Any] | None]:
    """The version in force on that day, the one before it and the one after it; None where there is none.

    ``{}`` stands for a text whose dates are not registered; before the first day of the first
    version known, that version is given.
    """
    known = source.get("versions") or [{}]
    at = next((i for i, version in enumerate(known) if _in_force(version, on)), None)
    place = at if at is not None else 0 if on < known[0].get("from", date.min) else len(known) - 1
    before = known[place - 1] if place else None
    after = known[place + 1] if place + 1 < len(known) else None
    return known[place], before, after


def _clause(ref: str, clause: Mapping[str, Any], short: bool) -> Bilingual:
    return {
        lang: text(
            "cite_clause_short" if short else "cite_clause", lang, {"ref": ref} | dict(clause)
        )
        for lang in ("zh", "en")
    }


def _source(
    source: Mapping[str, Any], match: re.Match[str], on: date | None, short: bool
) -> Citation:
    version, article = _version(source, match["article"], on)
    act: dict[str, str] = {}
    words: dict[str, str] = {}
    for lang in ("zh", "en"):
        name = source.get("short", source)[lang] if short else source[lang]
        label = "" if short else version.get(lang, "")
        is_title = not short and not source.get("described")
        act[lang] = text("cite_name" if is_title else "cite_short", lang, {"name": name}) + (
            text("cite_version", lang, {"version": label}) if label else ""
        )
        words[lang] = act[lang] + _article(article, match, lang, short)
    level = version.get("level", source["level"])
    return Citation(match[0], words, level, source.get("note"), act)


def _article(article: str | None, match: re.Match[str], lang: Any, short: bool) -> str:
    code = "cite_article_short" if short else "cite_article"
    said = text(code, lang, {"n": article}) if article else ""
    for part in ("para", "item"):
        said += text(f"cite_{part}", lang, {"n": match[part]}) if match[part] else ""
    return said


def _version(
    source: Mapping[str, Any], article: str | None, on: date | None
) -> tuple[Mapping[str, Any], str | None]:
    """The text in force on the day with the article's number in it; else the newest text."""
    versions = source.get("versions") or [{}]
    newest = versions[-1]
    for version in versions:
        if on and _in_force(version, on) and version is not newest:
            number = version.get("numbers", {}).get(article)
            return (version, str(number)) if number else (newest, article)
    return newest, article


def _in_force(version: Mapping[str, Any], on: date) -> bool:
    until = version.get("until")
    return bool(version.get("from", date.min) <= on and (until is None or on <= until))
