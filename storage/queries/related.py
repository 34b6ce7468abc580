"""Which dossiers belong together: the same people or facts, a message, an earlier one, by hand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from engine.registers import LINKS
from storage import tables as tb
from storage.tables.registers import holds_on

from .dossiers import DossierRow, dossier_rows
from .viewer import Viewer


@dataclass(frozen=True, slots=True)
class Tie:
    """One reason why another dossier belongs to this one.

    ``kind``: SAME_ID, SAME_NAME (name and day of birth), SAME_MATTER (cause, amount and place),
    SAME_POLICE (case of the police), EARLIER, MESSAGE, HAND. ``matter``: what is the same;
    ``party``: the name of the person in this dossier; ``side``, ``other_side``: theirs; ``link``,
    ``why``: kind and reason of a link by hand, ``home``, ``entry``: where it is recorded.
    """

    dossier: str
    kind: str
    party: str = ""
    side: str = ""
    other_side: str = ""
    link: str = ""
    why: str = ""
    matter: str = ""
    home: str = ""
    entry: str = ""

    @property
    def amount(self) -> str:
        """The amount within ``matter``, in yuan as text."""
        return "".join(self.matter.split("/")[1:2])


def ties(db: sa.Connection, dossier: str, on: date, within: timedelta) -> list[Tie]:
    """Every reason, whoever asks; only ``visible`` of them are shown with their dossier.

    ``within``: how far apart dossiers on the same facts may have been opened.
    """
    found = (_same_people(db, dossier), _same_facts(db, dossier, within), _led_here(db, dossier))
    return [*(tie for some in found for tie in some), *_by_hand(db, dossier, on)]


def visible(db: sa.Connection, viewer: Viewer, found: list[Tie]) -> dict[str, DossierRow]:
    """The dossiers behind ties that this reader may see, by id, the newest first."""
    ids = sorted({tie.dossier for tie in found})
    return {row.id: row for row in dossier_rows(db, viewer, ids)} if ids else {}


def kinds_of(db: sa.Connection, found: list[Tie]) -> dict[str, str]:
    """Of which kind the dossiers behind ties are: what is counted needs no more."""
    dossier = tb.dossiers.c
    query = sa.select(dossier.id, dossier.kind).where(dossier.id.in_({t.dossier for t in found}))
    return {row.id: row.kind for row in db.execute(query)}


def _same_people(db: sa.Connection, dossier: str) -> Iterator[Tie]:
    mine, other = tb.parties.alias("mine").c, tb.parties.alias("other").c
    by_id = (mine.id_digest != "") & (other.id_digest == mine.id_digest)
    by_name = (mine.name_digest != "") & (other.name_digest == mine.name_digest)
    unknown = (mine.id_digest == "") | (other.id_digest == "")  # two numbers are two people
    for kind, same in (("SAME_ID", by_id), ("SAME_NAME", by_name & unknown)):
        query = sa.select(
            *(other.dossier, mine.name.label("party"), mine.side),
            other.side.label("other_side"),
        ).where(mine.dossier == dossier, other.dossier != dossier, same)
        for row in db.execute(query.order_by(other.dossier)):
            yield Tie(kind=kind, **row._mapping)


def _same_facts(db: sa.Connection, dossier: str, within: timedelta) -> Iterator[Tie]:
    one = tb.dossiers.c
    query = sa.select(one.matter, one.police_no, one.opened_at).where(one.id == dossier)
    for mine in db.execute(query):
        near = _opened_near(mine.opened_at, within) & (one.id != dossier)
        for kind, column in (("SAME_MATTER", one.matter), ("SAME_POLICE", one.police_no)):
            told = mine._mapping[column.name]
            same = sa.select(one.id).where(column == told, near).order_by(one.id)
            for other in db.execute(same).scalars() if told else ():
                yield Tie(other, kind, matter=told)


def _opened_near(opened_at: datetime, within: timedelta) -> sa.ColumnElement[bool]:
    return tb.dossiers.c.opened_at.between(opened_at - within, opened_at + within)


def _led_here(db: sa.Connection, dossier: str) -> Iterator[Tie]:
    for query, kind in ((_earlier(dossier), "EARLIER"), (_messages(dossier), "MESSAGE")):
        for other in db.execute(query).scalars():
            if other not in ("", dossier):
                yield Tie(other, kind)


def _earlier(dossier: str) -> sa.Select[Any] | sa.CompoundSelect[Any]:
    """The dispute behind a detention, the earlier dossier of a new application, and back."""
    one = tb.dossiers.c
    before = sa.select(one.linked).where(one.id == dossier)
    return sa.union(before, sa.select(one.id).where(one.linked == dossier, tb.LINKED))


def _messages(dossier: str) -> sa.CompoundSelect[Any]:
    message, receipt, case = tb.messages.c, tb.receipts.c, tb.cases.c
    given = (
        sa.select(message.dossier.label("sent"), case.dossier.label("taken"))
        .join(tb.receipts, receipt.message == message.id)
        .join(tb.cases, case.id == receipt.case_id)
        .subquery()
        .c
    )
    sent = sa.select(given.taken).where(given.sent == dossier)
    return sa.union(sent, sa.select(given.sent).where(given.taken == dossier))


def _by_hand(db: sa.Connection, dossier: str, on: date) -> Iterator[Tie]:
    record = tb.records.c
    here = (record.dossier == dossier) | (record.about == dossier)
    here &= record.valid_until.is_(None)  # unlinked at once, not at the end of the day
    query = sa.select(record.entry, record.dossier, record.about, record["values"])
    for row in db.execute(query.where(record.register == LINKS, here, holds_on(on))):
        other = row.about if row.dossier == dossier else row.dossier
        told = row._mapping["values"]
        yield Tie(
            other, "HAND", link=str(told.get("/kind", "")), why=str(told.get("/why", "")),
            home=row.dossier, entry=row.entry,
        )  # fmt: skip
