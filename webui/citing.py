"""A citation as a screen shows it: its words in the version in force on a day, and where it leads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from flask import url_for

from engine.citations import source_of

from .display import local
from .registers import citation
from .words import pick


@dataclass(frozen=True, slots=True)
class Cited:
    """``href``: the source as in force on that day, or the clause of the policy."""

    ref: str
    words: str
    href: str


def cite_on(ref: str, at: date | datetime) -> Cited:
    """A reference as of the day of an act (K13); its id in place of words that no register has."""
    day = local(at)
    day = day.date() if isinstance(day, datetime) else day
    found = citation(ref, day)
    words = pick(found.text) if found else ref
    source = source_of(ref)
    if source:
        there = url_for("clauses.source", source_id=source, on=day.isoformat(), _anchor=ref)
        return Cited(ref, words, there)
    return Cited(ref, words, url_for("clauses.clause", ref=ref))
