"""Drafts of procedures as the designer's pages list them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from engine.model import Draft
from storage import tables as tb
from storage.sql.drafts import DRAFT


@dataclass(frozen=True, slots=True)
class DraftRow:
    """A draft that somebody works on or has submitted, with the name of its designer."""

    draft: Draft
    owner: str


def draft_rows(db: sa.Connection, procedure: str = "") -> Sequence[DraftRow]:
    """Open and submitted drafts, those saved last first. Every designer sees every draft."""
    draft, person = tb.drafts.c, tb.people.c
    query = sa.select(*(draft[name] for name in DRAFT), person.name.label("owner"))
    query = query.outerjoin(tb.people, person.id == draft.person)
    query = query.where(draft.state.in_(("open", "submitted")))
    if procedure:
        query = query.where(draft.procedure == procedure)
    return [
        DraftRow(Draft(**{name: getattr(row, name) for name in DRAFT}), row.owner or "")
        for row in db.execute(query.order_by(draft.saved_at.desc(), draft.id))
    ]


def publications(db: sa.Connection, procedure: str) -> list[sa.Row[Any]]:
    """(version, release, published_at, note, author, approver), names of people; the latest first."""
    made, author, approver = tb.publications.c, tb.people.alias(), tb.people.alias()
    query = sa.select(
        *(made.version, made.release, made.published_at, made.note),
        sa.func.coalesce(author.c.name, "").label("author"),
        sa.func.coalesce(approver.c.name, "").label("approver"),
    ).outerjoin_from(tb.publications, author, author.c.id == made.author)
    query = query.outerjoin(approver, approver.c.id == made.approver)
    return list(db.execute(query.where(made.procedure == procedure).order_by(made.version.desc())))
