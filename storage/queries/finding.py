"""Finding entries in all journals: by whom, about whom, when, what, where, under which period."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from engine.identity import id_digest
from engine.model import Timed
from storage import tables as tb

from .viewer import ALL, Viewer

ON_TIME = ("late", "early")
KINDS = ("viewed", "corrected", "delegated", "behalf", *ON_TIME)
LITTLE = 1_000
"""Of somebody with fewer entries than that all are read to sort them."""
FEW_DOSSIERS, FEW_ENTRIES = 200, 5_000
"""Of who sees no more than that, or fewer, all are read by their streams: walked by time, the journal
would be read to its beginning for them."""
BEGINNING = datetime.min.replace(tzinfo=UTC)
_CASE, _DOSSIER = "case:", "dossier:"


@dataclass(frozen=True, slots=True)
class Sought:
    """What entries are asked for; "" and None leave a part open.

    ``who`` acted, or in whose place: part of a name, or a sign-in name. ``about``: a party's whole
    name or identity number, or a dossier's number. ``kind``: one of KINDS.
    """

    who: str = ""
    about: str = ""
    since: datetime | None = None
    before: datetime | None = None
    kind: str = ""
    verb: str = ""
    role: str = ""
    procedure: str = ""
    element: str = ""
    rule: str = ""

    @property
    def of_periods(self) -> bool:
        """Only entries that ended a period, or noted that it was over."""
        return self.kind in ON_TIME or bool(self.rule)


@dataclass(frozen=True, slots=True)
class FoundRow:
    """One entry that fits. ``case_id`` and ``dossier`` are "" on streams of other things.

    ``periods``: those it ended, or of which it noted that they were over. ``why``: the reason given, or
    on what ground a dossier was read (``ground``).
    """

    stream: str
    seq: int
    verb: str
    actor: str
    actor_name: str
    behalf_name: str
    role: str
    at: datetime
    element: str
    release: str
    case_id: str
    dossier: str
    number: str
    reason: str
    ground: str
    periods: tuple[Timed, ...]


def found_entries(
    db: sa.Connection, viewer: Viewer, sought: Sought, page: int = 1, size: int = 50
) -> tuple[list[FoundRow], bool]:
    """One page of the entries that this reader may see, newest first, and whether more follow."""
    visible, rare = _visible(db, viewer, sought)
    if sought.who and not rare:
        rare = _fewer(db, _by(sought.who), LITTLE)
    asked = _told(sought, visible, rare).limit(size + 1).offset((page - 1) * size)
    rows = [_row(row) for row in db.execute(asked)]
    return rows[:size], len(rows) > size


def every_entry(db: sa.Connection, viewer: Viewer, sought: Sought) -> Iterator[FoundRow]:
    """All of them, newest first, as they come off the database."""
    asked = _told(sought, *_visible(db, viewer, sought)).execution_options(yield_per=500)
    yield from map(_row, db.execute(asked))


def _row(row: sa.Row[Any]) -> FoundRow:
    told = dict(row._mapping)
    data, ended = told.pop("data") or {}, told.pop("ended") or ()
    ground = str(data.get("ground", "")) if row.verb == "read" else ""
    periods = (Timed(row.seq, row.at, one["rule"], one["due"], one["ended"]) for one in ended)
    return FoundRow(**told, ground=ground, periods=tuple(periods))


def _fewer(db: sa.Connection, theirs: sa.ColumnElement[bool], many: int) -> bool:
    some = sa.select(sa.literal(1)).select_from(tb.journal).where(theirs).limit(many).subquery()
    return db.execute(sa.select(sa.func.count()).select_from(some)).scalar_one() < many


def _told(sought: Sought, visible: sa.ColumnElement[bool], rare: bool) -> sa.Select[Any]:
    """The entries that fit, with names around them.

    ``rare``: they are few, so they are looked up and sorted; else the journal is walked by time.
    """
    entry, case, dossier, content = tb.journal.c, tb.cases.c, tb.dossiers.c, tb.payload.c
    person, outside, party = tb.people.c, tb.parties.alias("outside"), tb.parties.c
    absent, timed = tb.people.alias("absent"), tb.timed.c
    query = (
        sa.select(
            *(entry.stream, entry.seq, entry.verb, entry.actor),
            sa.func.coalesce(person.name, outside.c.name, "").label("actor_name"),
            sa.func.coalesce(party.name, absent.c.name, "").label("behalf_name"),
            *(entry.role, entry.at, entry.element, entry.release),
            sa.func.coalesce(case.id, "").label("case_id"),
            sa.func.coalesce(dossier.id, "").label("dossier"),
            sa.func.coalesce(dossier.number, "").label("number"),
            sa.func.coalesce(content.reason, "").label("reason"),
            content.data,
            timed.told.label("ended"),
        )
        .select_from(_OF_PERIODS if sought.of_periods else _EVERY)
        .outerjoin(tb.cases, case.id == _id_in(_CASE))
        .outerjoin(tb.dossiers, dossier.id == sa.func.coalesce(case.dossier, _id_in(_DOSSIER)))
        .outerjoin(tb.payload, (content.stream == entry.stream) & (content.seq == entry.seq))
        .outerjoin(tb.people, person.id == entry.actor)
        .outerjoin(outside, outside.c.id == entry.actor)
        .outerjoin(tb.parties, party.id == entry.on_behalf)
        .outerjoin(absent, absent.c.id == entry.on_behalf)
        .where(visible, *_fitting(sought))
    )
    newest: sa.ColumnElement[Any] = timed.at if sought.of_periods else entry.at
    if rare:
        newest = sa.func.coalesce(newest, newest)  # no index is in this order
    else:
        query = query.where(newest >= BEGINNING)  # so that SQLite walks its index, not the table
    return query.order_by(newest.desc(), entry.stream, entry.seq.desc())


def _id_in(prefix: str) -> sa.ColumnElement[str]:
    """The id that a stream's name holds after its kind; null on streams of other kinds."""
    stream = tb.journal.c.stream
    named = sa.func.substr(stream, 1, len(prefix)) == prefix
    return sa.case((named, sa.func.substr(stream, len(prefix) + 1)))


_EVERY = tb.journal.outerjoin(
    tb.timed, (tb.timed.c.case_id == _id_in(_CASE)) & (tb.timed.c.seq == tb.journal.c.seq)
)
_OF_PERIODS = tb.timed.join(
    tb.journal,
    (tb.journal.c.stream == sa.literal(_CASE).concat(tb.timed.c.case_id))
    & (tb.journal.c.seq == tb.timed.c.seq),
)
"""Entries about periods: found by their index, newest first."""


def _visible(
    db: sa.Connection, viewer: Viewer, sought: Sought
) -> tuple[sa.ColumnElement[bool], bool]:
    """Of dossiers, those the reader sees; of all else only whoever watches every area; and whether
    that is little."""
    if viewer.watches_all:
        return ALL, False
    seen = sa.select(tb.dossiers.c.id).where(viewer.sees()).limit(FEW_DOSSIERS + 1)
    few = db.scalars(seen).all()
    theirs = _within(few)
    if len(few) > FEW_DOSSIERS or not _fewer(db, theirs, FEW_ENTRIES):
        return viewer.sees(), False
    if sought.of_periods:
        theirs &= tb.timed.c.case_id.in_(_cases_of(few))
    return theirs, True


def _within(dossiers: Any) -> sa.ColumnElement[bool]:
    """In the streams of these dossiers (ids, or a query for them) and of their cases."""
    dossier, cases = tb.dossiers.c, _cases_of(dossiers).subquery()
    of_cases = sa.select(sa.literal(_CASE).concat(cases.c.id))
    streams = sa.select(sa.literal(_DOSSIER).concat(dossier.id)).where(dossier.id.in_(dossiers))
    return tb.journal.c.stream.in_(sa.union_all(of_cases, streams))


def _cases_of(dossiers: Any) -> sa.Select[tuple[str]]:
    return sa.select(tb.cases.c.id).where(tb.cases.c.dossier.in_(dossiers))


def _fitting(sought: Sought) -> Iterator[sa.ColumnElement[bool]]:
    """What each part that was asked for demands."""
    entry = tb.journal.c
    demands: tuple[tuple[Any, Callable[[Any], sa.ColumnElement[bool]]], ...] = (
        (sought.verb, _done_as),
        (sought.role, lambda role: tb.IN_ROLE & (entry.role == role)),
        (sought.element, lambda element: tb.SOMEWHERE & (entry.element == element)),
        (sought.procedure, lambda procedure: tb.cases.c.procedure == procedure),
        (sought.since, lambda since: entry.at >= since),
        (sought.before, lambda before: entry.at < before),
        *((sought.who, _by), (sought.about, _about), (sought.rule, _under)),
        (sought.kind, _of_kind),
    )
    return (demand(asked) for asked, demand in demands if asked)


def _done_as(verb: str) -> sa.ColumnElement[bool]:
    said = tb.journal.c.verb == verb
    return said if verb in tb.COMMON else tb.UNCOMMON & said


def _by(who: str) -> sa.ColumnElement[bool]:
    entry, person, party = tb.journal.c, tb.people.c, tb.parties.c
    staff = sa.select(person.id).where(
        person.name.contains(who, autoescape=True) | (person.login == who)
    )
    named = sa.union_all(staff, sa.select(party.id).where(party.name == who))
    return entry.actor.in_(named) | (tb.BEHALF & entry.on_behalf.in_(named))


def _about(whom: str) -> sa.ColumnElement[bool]:
    """In the dossiers of a party by name or identity number, or of that number."""
    party, dossier = tb.parties.c, tb.dossiers.c
    number = id_digest({"id_no": whom})
    theirs = (party.name == whom) | ((party.id_digest == number) & (party.id_digest != ""))
    within = sa.union_all(
        sa.select(party.dossier).where(theirs), sa.select(dossier.id).where(dossier.number == whom)
    )
    return _within(within)


def _under(rule: str) -> sa.ColumnElement[bool]:
    """Ended that period, or moved it, or noted that it was over."""
    return tb.timed.c.rules.contains(f" {rule} ", autoescape=True)


def _of_kind(kind: str) -> sa.ColumnElement[bool]:
    kinds = {
        "viewed": tb.VIEWED,
        "corrected": tb.CORRECTED,
        "delegated": _done_as("delegate"),
        "behalf": tb.BEHALF,
        "late": tb.timed.c.late == sa.true(),
        "early": tb.timed.c.early == sa.true(),
    }
    return kinds[kind]
