"""Holds, proposals and certificates, and all on which a dossier's keeping depends."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine.model.retained import Certificate, Destruction, Doomed, Filed, FiledCase, Hold, Holdings
from engine.registers import LINKS
from storage.guarding import held
from storage.tables import (
    LINKED,
    OPEN,
    attachments,
    cases,
    certificates,
    destroyed_files,
    destructions,
    dispatches,
    documents,
    doomed,
    dossiers,
    holds,
    journal,
    messages,
    papers,
    payload,
    records,
    seal_uses,
    tasks,
)

from .destroying import parts_of, streams_of
from .dossiers import DossierRows

HOLD = tuple(field.name for field in fields(Hold))
DESTRUCTION = tuple(field.name for field in fields(Destruction))
DOOMED = tuple(field.name for field in fields(Doomed))
CERTIFICATE = tuple(field.name for field in fields(Certificate))
_DIGEST = re.compile(r"\b[0-9a-f]{64}\b")
_OVER = ("ended", "cancelled")
_CERTIFIED = sa.select(certificates.c.dossier)


class RetentionRows(DossierRows):
    def save_hold(self, hold: Hold) -> None:
        self.upsert(holds, [asdict(hold)])

    def hold(self, hold_id: str) -> Hold:
        """Raises NotFound (no_hold)."""
        query = sa.select(*(holds.c[name] for name in HOLD)).where(holds.c.id == hold_id)
        return Hold(**self.found(query, "no_hold", name=hold_id)._mapping)

    # What a dossier's keeping depends on -----------------------------------------------------

    def filed(self, dossier_id: str) -> Filed:
        """Raises NotFound (no_dossier)."""
        kinds = sa.select(documents.c.kind).where(documents.c.dossier == dossier_id).distinct()
        given = sa.select(certificates.c.number).where(certificates.c.dossier == dossier_id)
        return Filed(
            dossier=self.dossier(dossier_id),
            cases=[FiledCase(**row._mapping) for row in self.run(_filed_cases(dossier_id))],
            documents=frozenset(self.run(kinds).scalars()),
            holds=self._holding(dossier_id),
            pending=self._pending(dossier_id),
            linked=list(self.run(_linked(dossier_id)).scalars()),
            certificate=self.run(given).scalar() or "",
        )

    def _holding(self, dossier_id: str) -> list[Hold]:
        query = sa.select(*(holds.c[name] for name in HOLD)).where(sa.text(held()))
        rows = self.run(query.order_by(holds.c.made_at), {"dossier": dossier_id})
        return [Hold(**row._mapping) for row in rows]

    def _pending(self, dossier_id: str) -> int:
        """Messages under way or waiting for a clerk, notices that are still sent."""
        owed = messages.c.handed_at.is_not(None) & messages.c.closed_at.is_(None)
        owed &= messages.c.consumed_at.is_(None)
        ours = messages.c.dossier == dossier_id
        counts = (
            _count(messages, ours & (messages.c.due_at.is_not(None) | owed)),
            _count(
                dispatches, dispatches.c.dossier == dossier_id, dispatches.c.due_at.is_not(None)
            ),
        )
        return sum(int(self.run(one).scalar_one()) for one in counts)

    def holdings(self, dossier_id: str) -> Holdings:
        where = payload.c.stream.in_(streams_of(dossier_id)) & (payload.c.certificate == "")
        told = sa.select(payload.c.stream, sa.type_coerce(payload.c.data, sa.Text).label("data"))
        streams: dict[str, int] = {}
        named = set(self._own_files(dossier_id))
        for row in self.run(told.where(where).order_by(payload.c.stream)):
            streams[row.stream] = streams.get(row.stream, 0) + 1
            named |= set(_DIGEST.findall(row.data))
        counts = {
            table.name: int(self.run(_count(table, part)).scalar_one())
            for table, part in parts_of(dossier_id)
        }
        return Holdings(streams, sorted(named), {name: n for name, n in counts.items() if n})

    def _own_files(self, dossier_id: str) -> Iterator[str]:
        of = documents.c.dossier == dossier_id
        uses = seal_uses.c.dossier == dossier_id
        for query in (
            sa.select(attachments.c.digest).where(attachments.c.dossier == dossier_id),
            sa.select(papers.c.file).join(documents, documents.c.id == papers.c.document).where(of),
            sa.select(seal_uses.c.digest).where(uses),
            sa.select(seal_uses.c.source).where(uses),
        ):
            yield from (digest for digest in self.run(query).scalars() if digest)

    def used_elsewhere(self, digest: str, dossier_id: str) -> bool:
        def others(dossier: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
            return (dossier != dossier_id) & dossier.not_in(_CERTIFIED)

        set_as = sa.select(documents.c.id).where(others(documents.c.dossier))
        drafted = sa.type_coerce(tasks.c.drafts, sa.Text)  # laid into a form, not handed in yet
        sealed = (seal_uses.c.digest == digest) | (seal_uses.c.source == digest)
        found = sa.union_all(
            sa.select(attachments.c.digest).where(
                attachments.c.digest == digest, others(attachments.c.dossier)
            ),
            sa.select(papers.c.file).where(papers.c.file == digest, papers.c.document.in_(set_as)),
            sa.select(seal_uses.c.digest).where(sealed, others(seal_uses.c.dossier)),
            sa.select(tasks.c.id).where(OPEN, drafted != "{}", drafted.contains(digest)),
        )
        return self.run(found.limit(1)).first() is not None

    # Proposals and certificates --------------------------------------------------------------

    def save_destruction(self, destruction: Destruction) -> None:
        self.upsert(destructions, [asdict(destruction)])

    def destruction(self, destruction_id: str) -> Destruction:
        """Raises NotFound (no_destruction)."""
        query = sa.select(*(destructions.c[name] for name in DESTRUCTION))
        row = self.found(query.where(destructions.c.id == destruction_id), "no_destruction")
        return Destruction(**row._mapping)

    def add_doomed(self, some: Iterable[Doomed]) -> None:
        self.run(sa.insert(doomed), [asdict(one) for one in some])

    def doomed(self, destruction_id: str) -> Sequence[Doomed]:
        query = sa.select(*(doomed.c[name] for name in DOOMED))
        rows = self.run(
            query.where(doomed.c.destruction == destruction_id).order_by(doomed.c.dossier)
        )
        return [Doomed(**row._mapping) for row in rows]

    def open_destruction(self, dossier_id: str) -> str:
        query = (
            sa.select(destructions.c.number)
            .join(doomed, doomed.c.destruction == destructions.c.id)
            .where(doomed.c.dossier == dossier_id)
            .where(destructions.c.state.in_(("proposed", "approved")))
        )
        return self.run(query).scalar() or ""

    def certificate(self, number: str) -> Certificate:
        """Raises NotFound (no_certificate)."""
        query = _certificates().where(certificates.c.number == number)
        return Certificate(**self.found(query, "no_certificate")._mapping)

    def certificate_of_file(self, digest: str) -> str:
        query = sa.select(destroyed_files.c.certificate).where(destroyed_files.c.digest == digest)
        return self.run(query).scalar() or ""

    def files_to_remove(self, limit: int) -> Sequence[tuple[str, Certificate]]:
        query = (
            _certificates()
            .add_columns(destroyed_files.c.digest)
            .join(destroyed_files, destroyed_files.c.certificate == certificates.c.number)
            .where(destroyed_files.c.gone_at.is_(None))
        )
        rows = self.run(query.order_by(destroyed_files.c.digest).limit(limit))
        return [
            (row.digest, Certificate(**{name: getattr(row, name) for name in CERTIFICATE}))
            for row in rows
        ]

    def file_removed(self, digest: str, at: datetime) -> None:
        gone = sa.update(destroyed_files).where(destroyed_files.c.digest == digest)
        self.run(gone, {"gone_at": at})


def _count(table: sa.Table, *where: sa.ColumnElement[bool]) -> sa.Select[Any]:
    return sa.select(sa.func.count()).select_from(table).where(*where)


def _certificates() -> sa.Select[Any]:
    return sa.select(*(certificates.c[name] for name in CERTIFICATE))


def _filed_cases(dossier_id: str) -> sa.Select[Any]:
    """Notes are chained to cases that are over: only inputs say when one ended."""
    last = sa.select(sa.func.max(journal.c.at)).where(
        journal.c.stream == sa.literal("case:").concat(cases.c.id), journal.c.kind == "input"
    )
    return sa.select(
        *(cases.c[name] for name in ("id", "procedure", "status")),
        last.scalar_subquery().label("ended_at"),
    ).where(cases.c.dossier == dossier_id)


def _linked(dossier_id: str) -> sa.Select[Any]:
    """Numbers of dossiers linked in either direction that have cases going on."""
    mine = sa.select(dossiers.c.linked).where(dossiers.c.id == dossier_id)
    by_hand = (records.c.register == LINKS) & records.c.valid_until.is_(None)
    there = sa.select(records.c.about).where(by_hand, records.c.dossier == dossier_id)
    here = sa.select(records.c.dossier).where(by_hand, records.c.about == dossier_id)
    goes_on = sa.exists().where(cases.c.dossier == dossiers.c.id, cases.c.status.not_in(_OVER))
    near = dossiers.c.id.in_(mine) | dossiers.c.id.in_(there) | dossiers.c.id.in_(here)
    near |= LINKED & (dossiers.c.linked == dossier_id)
    return sa.select(dossiers.c.number).where(near, goes_on).order_by(dossiers.c.number)
