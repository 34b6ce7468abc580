"""What is so with a dossier's keeping, in words: its rule, its end and how that was counted, why it stays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from engine.access import may_hold
from engine.clocks import explain
from engine.errors import EngineError
from engine.facts import setting
from engine.model.retained import Holdings
from engine.retention import Keeping, Kept, Reason
from engine.workdays import day_end
from storage import queries
from webui.auth import actor, viewer
from webui.citing import Cited, cite_on
from webui.display import local
from webui.errors import refusal
from webui.procedures import drawn
from webui.product import product, reading
from webui.registers import schedule
from webui.words import lang, pick, t


@dataclass(frozen=True, slots=True)
class Told:
    """A dossier's keeping as a page shows it; ``holdings`` only of what may be destroyed.

    ``listed``: number of the list it stands in that is not carried out.
    """

    kept: Kept
    name: str
    explained: str
    basis: tuple[Cited, ...]
    reasons: tuple[str, ...]
    listed: str = ""
    holdings: Holdings | None = None

    @property
    def is_due(self) -> bool:
        return not self.kept.reasons


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the schedule: its period in words, where its number can be set, what it covers."""

    keeping: Keeping
    period: str
    basis: tuple[Cited, ...]
    procedures: tuple[str, ...]

    @property
    def setting(self) -> str:
        return self.keeping.rule.setting if self.keeping.rule else ""


def keeping_of(dossier_id: str, on: date | None = None, with_holdings: bool = False) -> Told:
    """What is so with a dossier now, or at the end of another day."""
    store, engine = product().looking(), product().engine
    at = moment_of(on)
    kept = engine.appraise(store, store.filed(dossier_id), schedule(), at)
    found = engine.would_destroy(store, dossier_id) if with_holdings and not kept.reasons else None
    return replace(_told(kept), listed=store.open_destruction(dossier_id), holdings=found)


def _told(kept: Kept) -> Told:
    now = product().clock()
    keeping = kept.keeping
    return Told(
        kept,
        pick(keeping.name) if keeping else "",
        explain(kept.due, "zh" if lang() == "zh" else "en") if kept.due else "",
        tuple(cite_on(ref, now) for ref in keeping.basis) if keeping else (),
        tuple(said(reason) for reason in kept.reasons),
    )


def said(reason: Reason) -> str:
    """A reason as a sentence."""
    return refusal(EngineError(reason.code, **reason.params))


def today() -> date:
    day: date = local(product().clock()).date()
    return day


def moment_of(on: date | None) -> datetime:
    """Now, or the last moment of another day."""
    return product().clock() if on in (None, today()) else day_end(on) - timedelta(seconds=1)


def schedule_rows() -> list[Row]:
    """The schedule as it holds today for the reader's office."""
    store = product().looking()
    found = [drawn(digest) for digest in store.current_digests()]
    names = {one.release.procedure: one.name for one in found}
    return [_row(one, names) for one in schedule() if one.holds_on(today())]


def _row(keeping: Keeping, names: Mapping[str, str]) -> Row:
    basis = tuple(cite_on(ref, product().clock()) for ref in keeping.basis)
    called = tuple(names.get(one, one) for one in sorted(keeping.procedures))
    return Row(keeping, _period(keeping), basis, called)


def _period(keeping: Keeping) -> str:
    rule = keeping.rule
    if rule is None:
        return str(t("retention.for_ever"))
    store = product().looking()
    orgs = [grant.org for grant in actor().grants if grant.org]
    org = store.organisation(orgs[0]) if orgs else None
    length = rule.length
    if rule.setting:
        length = setting(store.current_facts(), rule.setting, org, today())
    return str(t("retention.years", count=length))


def keeping_shown(dossier_id: str) -> dict[str, Any]:
    """What the part of a dossier's page about its keeping needs."""
    db = reading()
    holds, _ = queries.hold_rows(db, viewer(), dossier_id)
    return {
        "keeping": keeping_of(dossier_id),
        "holds": holds,
        "names": queries.names_of(db),
        "may_hold": may_hold(actor()),
        "targets": targets(dossier_id),
    }


def targets(dossier_id: str) -> list[tuple[str, str]]:
    """(kind:id, words) of what in a dossier can be put on hold."""
    db = reading()
    found = [("dossier:", str(t("retention.whole_dossier")))]
    found += [
        (f"person:{one.id}", f"{t('retention.person')} {one.name}")
        for one in queries.party_rows(db, dossier_id)
    ]
    found += [
        (f"document:{one.id}", f"{t('retention.document')} {one.number or one.kind}")
        for one in queries.documents(db, dossier_id)
    ]
    return found + [
        (f"document:{one.digest}", f"{t('retention.file')} {one.name}")
        for one in queries.attachments(db, dossier_id)
    ]
