"""The only deletes of case data: under a certificate, all of a dossier in one transaction."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

import sqlalchemy as sa

from engine.model.retained import Certificate
from storage.tables import (
    attachments,
    bars,
    cases,
    certificates,
    copies,
    destroyed_files,
    dispatches,
    documents,
    dossiers,
    holds,
    incidents,
    invitations,
    messages,
    papers,
    parties,
    payload,
    receipts,
    records,
    scans,
    tasks,
    visits,
    waits,
)

from .journal import JournalRows

Part = tuple[sa.Table, sa.ColumnElement[bool]]


def streams_of(dossier_id: str) -> sa.CompoundSelect[Any]:
    """The streams whose contents are the dossier's."""
    own = sa.select(sa.literal(f"dossier:{dossier_id}"))
    ran = sa.select(sa.literal("case:").concat(cases.c.id)).where(cases.c.dossier == dossier_id)
    set_again = sa.select(sa.literal("document:").concat(documents.c.id)).where(
        documents.c.dossier == dossier_id
    )
    return sa.union_all(own, ran, set_again)


def parts_of(dossier_id: str) -> Iterator[Part]:
    """The rows that go, in an order in which nothing refers to what is gone."""
    ran = sa.select(cases.c.id).where(cases.c.dossier == dossier_id)
    asked = sa.select(invitations.c.id).where(invitations.c.dossier == dossier_id)
    made = sa.select(documents.c.id).where(documents.c.dossier == dossier_id)
    sent = sa.select(messages.c.id).where(messages.c.dossier == dossier_id)
    yield visits, visits.c.invitation.in_(asked)
    yield papers, papers.c.document.in_(made)
    yield receipts, receipts.c.message.in_(sent)
    for table in (incidents, waits):
        yield table, table.c.case_id.in_(ran)
    for table in (
        *(invitations, documents, messages, attachments, dispatches),
        *(copies, bars, records, holds, parties),
    ):
        yield table, table.c.dossier == dossier_id


class DestroyingRows(JournalRows):
    def close_dossier(self, dossier_id: str) -> None:
        """On PostgreSQL by locks; on SQLite whoever writes is alone anyway."""
        self.run(sa.select(dossiers.c.id).where(dossiers.c.id == dossier_id).with_for_update())
        if self.on_postgres:
            self.connection.exec_driver_sql("LOCK TABLE holds IN SHARE ROW EXCLUSIVE MODE")

    def destroy(
        self, certificate: Certificate, states: Mapping[str, bytes], files: Sequence[str]
    ) -> None:
        """Contents of its streams, rows, words and states; files are marked to be removed."""
        self.has_destroyed = True
        dossier = certificate.dossier
        self.run(sa.insert(certificates), asdict(certificate))
        self._mark(certificate, files)
        contents = sa.select(payload.c.stream, payload.c.seq).where(
            payload.c.stream.in_(streams_of(dossier)), payload.c.certificate == ""
        )
        for row in self.run(contents).all():
            self.erase(row.stream, row.seq, certificate.number)
        for table, part in parts_of(dossier):
            self.run(sa.delete(table).where(part))
        self._blank(dossier, states)

    def _mark(self, certificate: Certificate, files: Sequence[str]) -> None:
        """A file that came back after it was destroyed is destroyed anew."""
        rows = [
            {"digest": one, "certificate": certificate.number, "gone_at": None} for one in files
        ]
        self.upsert(destroyed_files, rows)
        self.run(sa.delete(scans).where(scans.c.digest.in_(files)))

    def _blank(self, dossier_id: str, states: Mapping[str, bytes]) -> None:
        """What stays of rows that stay: who did what and when, without what they said."""
        words = dict.fromkeys(("title", "matter", "police_no", "party_names"), "")
        self.run(sa.update(dossiers).where(dossiers.c.id == dossier_id), words)
        done = sa.update(tasks).where(tasks.c.dossier == dossier_id)
        self.run(done, {"local": {}, "drafts": {}})
        for case_id, state in states.items():
            self.run(sa.update(cases).where(cases.c.id == case_id), {"state": state})
