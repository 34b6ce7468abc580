"""A case as a report to be read: every entry in the words of the text version, with the path drawn."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flask import get_template_attribute

from engine.services.reporting import set_report
from storage import queries
from webui.citing import Cited
from webui.clockcards import ClockCard
from webui.display import due_moment, long_time, span
from webui.procedures import drawn, status_name
from webui.product import product
from webui.registers import role_name, verb_name
from webui.words import LANGS, lang, speaking, t

from .picture import Picture
from .showing import Shown
from .views import pictures_of, told_of

STYLE = """<style>
text { font: 12px "Noto Sans SC"; fill: #1b2733; text-anchor: middle; }
.lane, .inner { fill: none; stroke: #8695a3; }
.step, .event, .end, .gate { fill: #fff; stroke: #52616f; stroke-width: 1.5; }
.end { stroke-width: 3.5; } .flow { fill: none; stroke: #8695a3; stroke-width: 1.2; }
.head { fill: #8695a3; stroke: none; }
.past { stroke: #1a6e42; stroke-width: 3; } .head.past { fill: #1a6e42; }
.here { stroke: #0b5c8a; stroke-width: 4; stroke-dasharray: 8 3; }
.wrong { stroke: #b42318; stroke-width: 4; stroke-dasharray: 2 3; }
</style>"""
"""A drawing of its own has no style sheet of the page; these are its colours."""


def reports(
    dossier: queries.DossierRow, cases: Sequence[queries.CaseRow], reader: queries.Viewer
) -> dict[str, bytes]:
    """``report.zh.pdf`` and ``report.en.pdf`` of these cases. Health data is not in them."""
    found = {}
    for language in LANGS:
        with speaking(language):
            found[f"report.{language}.pdf"] = set_report(_told(dossier, cases, reader))
    return found


def _told(
    dossier: queries.DossierRow, cases: Sequence[queries.CaseRow], reader: queries.Viewer
) -> dict[str, Any]:
    told = {case.id: list(told_of(case, reader)) for case in cases}
    last = max((one.row.at for some in told.values() for one in some), default=dossier.opened_at)
    return {
        "lang": lang(),
        "date": [last.year, last.month, last.day],
        "title": dossier.title or dossier.number,
        "number": dossier.number,
        "note": t("report.note"),
        "facts": [
            [t("report.number"), dossier.number],
            [t("dossier.parties"), dossier.parties or "-"],
            [t("dossier.org"), dossier.org_name],
            [t("dossier.opened"), long_time(dossier.opened_at)],
            [t("report.cases"), str(len(cases))],
        ],
        "parts": [_part(case, told[case.id]) for case in cases],
    }


def _part(case: queries.CaseRow, told: list[Shown]) -> dict[str, Any]:
    found = drawn(case.release)
    standing = product().looking().standing(f"case:{case.id}")
    sealed = max((one.position for one in standing), default=-1)
    return {
        "title": found.name,
        "facts": [
            [t("report.case"), case.id],
            [t("dossier.state"), status_name(case.status)],
            [t("report.release"), case.release],
            [t("report.sealed"), str(sealed) if sealed >= 0 else "-"],
        ],
        "pictures": [{"title": p.title, "svg": _alone(p)} for p in pictures_of(found, told)],
        "entries": [_entry(one) for one in told],
    }


def _alone(picture: Picture) -> str:
    """The drawing as a file of its own."""
    head, _, rest = picture.svg.partition(">")
    return f'{head} xmlns="http://www.w3.org/2000/svg">{STYLE}{rest}'


def _entry(one: Shown) -> dict[str, Any]:
    name = one.step or verb_name(one.row.verb)
    return {
        "title": f"{t('watch.now_at', seq=one.row.seq)} · {name}",
        "facts": [[*pair] for pair in _facts(one)],
        "lines": [*_lines(one)],
        "blocks": [block for block in _blocks(one) if block["rows"]],
    }


def _facts(one: Shown) -> Iterator[tuple[str, str]]:
    acted = get_template_attribute("parts.html", "acted")(one.row).striptags()
    role = f" · {role_name(one.row.role)}" if one.row.role else ""
    yield t("watch.who"), f"{acted}{role}"
    if one.step:
        yield t("case.what"), verb_name(one.row.verb)
    yield t("watch.received"), long_time(one.row.received_at)
    if one.moment.since and one.waited.total_seconds() >= 60:
        yield t("watch.waited"), span(one.waited)
    if one.outcome:
        yield t("watch.outcome"), one.outcome
    if one.basis:
        yield t("report.basis"), _cited(one.basis)
    if one.row.reason:
        yield t("watch.reason"), one.row.reason
    if one.waiting:
        yield t("watch.waiting"), "；".join(one.waiting)


def _lines(one: Shown) -> Iterator[str]:
    if one.row.certificate:
        yield t("watch.erased", certificate=one.row.certificate)
    for said in (one.fault, one.stop):
        if said:
            yield said


def _blocks(one: Shown) -> Iterator[Mapping[str, Any]]:
    changed = [(each.label, each.before, each.after) for each in one.changes]
    yield _block("watch.changed", changed, ("watch.what", "watch.before", "watch.after"))
    yield _block(
        "watch.decisions",
        [
            (each.name, each.outputs, "；".join(f"{row.table} {row.number}" for row in each.rows))
            for each in one.rulings
        ],
        ("watch.what", "watch.gave", "watch.matched"),
    )
    yield _block("watch.clocks", [(_clock(card),) for card in one.moved])
    yield _block(
        "watch.documents", [(each.kind, each.number, each.digest) for each in one.documents]
    )
    yield _block("watch.messages", [(each.name,) for each in one.sent])


def _block(
    title: str, rows: Sequence[Sequence[str]], head: Sequence[str] = ()
) -> Mapping[str, Any]:
    return {"title": t(title), "head": [t(word) for word in head], "rows": [[*row] for row in rows]}


def _clock(card: ClockCard) -> str:
    until = due_moment(card.clock.due)
    return " ".join(filter(None, (card.name, until, card.explained, _cited(card.basis))))


def _cited(basis: Sequence[Cited]) -> str:
    return "；".join(one.words for one in basis)
