"""Finding entries in all journals: by whom, about whom, when, what, where, under which period."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine.identity import id_digest
from storage import tables as tb

from .viewer import ALL, Viewer

CORRECTED = ("correct", "record_ended", "set_again", "void_copy")
VIEWED = ("read", "reveal", "health_read", "file_open", "print", "take_away")
"""How a dossier is looked at: each leaves an entry on its stream."""
KINDS = ("viewed", "corrected", "delegated", "behalf", "late", "early")
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


@dataclass(frozen=True, slots=True)
class FoundRow:
    """One entry that fits. ``case_id`` and ``dossier`` are "" on streams of other things.

    ``due_at``: until when the task that it closed was due. ``why``: the reason given, or on what
    ground a dossier was read (``ground``).
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
    due_at: datetime | None

    @property
    def late(self) -> bool:
        return self.due_at is not None and self.at > self.due_at


def found_entries(
    db: sa.Connection, viewer: Viewer, sought: Sought, page: int = 1, size: int = 50
) -> tuple[list[FoundRow], bool]:
    """One page of the entries that this reader may see, newest first, and whether more follow."""
    asked = _told(viewer, sought).limit(size + 1).offset((page - 1) * size)
    rows = [_row(row) for row in db.execute(asked)]
    return rows[:size], len(rows) > size


def every_entry(db: sa.Connection, viewer: Viewer, sought: Sought) -> Iterator[FoundRow]:
    """All of them, newest first, as they come off the database."""
    asked = _told(viewer, sought).execution_options(yield_per=500)
    yield from map(_row, db.execute(asked))


def ground_of(db: sa.Connection, viewer: Viewer, dossier: str) -> str:
    """On what ground a reader sees a dossier: ``work`` they or their office have there, else
    ``oversight``."""
    query = sa.select(tb.dossiers.c.id).where(tb.dossiers.c.id == dossier, viewer.works_on())
    return "work" if db.execute(query).first() else "oversight"


def _row(row: sa.Row[Any]) -> FoundRow:
    told = dict(row._mapping)
    data = told.pop("data") or {}
    ground = str(data.get("ground", "")) if row.verb == "read" else ""
    return FoundRow(**told, ground=ground)


def _told(viewer: Viewer, sought: Sought) -> sa.Select[Any]:
    """The rows with names around the entries that fit; the page is cut before names are read."""
    entry, case, dossier, content = tb.journal.c, tb.cases.c, tb.dossiers.c, tb.payload.c
    person, outside, party = tb.people.c, tb.parties.alias("outside"), tb.parties.c
    absent = tb.people.alias("absent")
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
            _due().label("due_at"),
        )
        .select_from(tb.journal)
        .outerjoin(tb.cases, case.id == _id_in(_CASE))
        .outerjoin(tb.dossiers, dossier.id == sa.func.coalesce(case.dossier, _id_in(_DOSSIER)))
        .outerjoin(tb.payload, (content.stream == entry.stream) & (content.seq == entry.seq))
        .outerjoin(tb.people, person.id == entry.actor)
        .outerjoin(outside, outside.c.id == entry.actor)
        .outerjoin(tb.parties, party.id == entry.on_behalf)
        .outerjoin(absent, absent.c.id == entry.on_behalf)
        .where(_visible(viewer), *_fitting(sought))
    )
    return query.order_by(entry.at.desc(), entry.stream, entry.seq.desc())


def _id_in(prefix: str) -> sa.ColumnElement[str]:
    """The id that a stream's name holds after its kind; null on streams of other kinds."""
    stream = tb.journal.c.stream
    named = sa.func.substr(stream, 1, len(prefix)) == prefix
    return sa.case((named, sa.func.substr(stream, len(prefix) + 1)))


def _visible(viewer: Viewer) -> sa.ColumnElement[bool]:
    """Of dossiers, those the reader sees; of all else only whoever watches every area."""
    return ALL if viewer.watches_all else viewer.sees()


def _due() -> sa.ScalarSelect[Any]:
    """Until when the task was due that an entry closed."""
    task, entry = tb.tasks.c, tb.journal.c
    due = sa.select(sa.func.max(task.due_at)).where(*_closed_by(entry))
    return due.correlate(tb.journal, tb.cases).scalar_subquery()


def _closed_by(entry: Any) -> tuple[sa.ColumnElement[bool], ...]:
    task = tb.tasks.c
    here = (task.case_id == tb.cases.c.id) & (task.element == entry.element)
    return here, task.done_at == entry.at, task.how == entry.verb


def _closing(*more: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    task = sa.exists().where(*_closed_by(tb.journal.c), *more)
    return task.correlate(tb.journal, tb.cases)


def _fitting(sought: Sought) -> Iterator[sa.ColumnElement[bool]]:
    """What each part that was asked for demands."""
    entry = tb.journal.c
    demands: tuple[tuple[Any, Callable[[Any], sa.ColumnElement[bool]]], ...] = (
        (sought.verb, lambda verb: entry.verb == verb),
        (sought.role, lambda role: entry.role == role),
        (sought.element, lambda element: entry.element == element),
        (sought.procedure, lambda procedure: tb.cases.c.procedure == procedure),
        (sought.since, lambda since: entry.at >= since),
        (sought.before, lambda before: entry.at < before),
        *((sought.who, _by), (sought.about, _about), (sought.rule, _under)),
        (sought.kind, _of_kind),
    )
    return (demand(asked) for asked, demand in demands if asked)


def _by(who: str) -> sa.ColumnElement[bool]:
    entry, person, party = tb.journal.c, tb.people.c, tb.parties.c
    staff = sa.select(person.id).where(
        person.name.contains(who, autoescape=True) | (person.login == who)
    )
    named = sa.union_all(staff, sa.select(party.id).where(party.name == who))
    return entry.actor.in_(named) | entry.on_behalf.in_(named)


def _about(whom: str) -> sa.ColumnElement[bool]:
    """In the dossiers of a party by name or identity number, or of that number."""
    party, dossier = tb.parties.c, tb.dossiers.c
    number = id_digest({"id_no": whom})
    theirs = (party.name == whom) | ((party.id_digest == number) & (party.id_digest != ""))
    within = sa.union_all(
        sa.select(party.dossier).where(theirs), sa.select(dossier.id).where(dossier.number == whom)
    )
    return dossier.id.in_(within)


def _under(rule: str) -> sa.ColumnElement[bool]:
    """Closed a task that was due by that rule, or moved its period."""
    entry = tb.journal.c
    told = sa.type_coerce(tb.payload.c.data, sa.Text).contains(f'"rule":"{rule}"', autoescape=True)
    moved = entry.verb.startswith("clock_", autoescape=True) & told
    return moved | _closing(tb.tasks.c.due_rule == rule)


def _of_kind(kind: str) -> sa.ColumnElement[bool]:
    entry, task = tb.journal.c, tb.tasks.c
    late, early = task.due_at < task.done_at, task.due_at >= task.done_at
    kinds = {
        "viewed": entry.verb.in_(VIEWED),
        "corrected": entry.verb.in_(CORRECTED),
        "delegated": entry.verb == "delegate",
        "behalf": entry.on_behalf != "",
        "late": (entry.verb == "clock_breached") | _closing(late),
        "early": _closing(early),
    }
    return kinds[kind]
