"""The print log, and which files of a dossier there are to print."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, fields

import sqlalchemy as sa

from engine.model.printing import Copy
from storage.tables import attachments, copies, documents, papers, seal_uses

from .transaction import Transaction

COPY = tuple(field.name for field in fields(Copy))
PDF = "application/pdf"


class CopyRows(Transaction):
    def printable(self, dossier: str) -> Sequence[tuple[str, str]]:
        """(digest, name) of the PDF files of a dossier: sealed, typeset, attached."""
        sealed = sa.select(seal_uses.c.digest, seal_uses.c.title).where(
            *(seal_uses.c.dossier == dossier, seal_uses.c.digest != ""),
            *(seal_uses.c.place == "", seal_uses.c.result == "OK"),
        )
        typeset = (
            sa.select(papers.c.file, documents.c.data, documents.c.number)
            .join(documents, documents.c.id == papers.c.document)
            .where(documents.c.dossier == dossier, papers.c.file != "")
        )
        attached = sa.select(attachments.c.digest, attachments.c.name).where(
            attachments.c.dossier == dossier, attachments.c.type == PDF
        )
        set_here = [
            (row.file, " ".join(filter(None, (row.data.get("title"), row.number))))
            for row in self.run(typeset)
        ]
        found: dict[str, str] = {}
        for row in (*self.run(sealed), *set_here, *self.run(attached)):
            found.setdefault(row[0], row[1])
        return list(found.items())

    def add_copy(self, copy: Copy) -> None:
        self.run(sa.insert(copies), asdict(copy))

    def copy(self, copy_id: str) -> Copy | None:
        row = self.run(_all().where(copies.c.id == copy_id)).first()
        return Copy(**row._mapping) if row else None

    def copies(self, dossier: str) -> Sequence[Copy]:
        """The newest first."""
        rows = self.run(_all().where(copies.c.dossier == dossier).order_by(copies.c.id.desc()))
        return [Copy(**row._mapping) for row in rows]

    def void_copy(self, copy: Copy) -> None:
        self.run(sa.update(copies).where(copies.c.id == copy.id), asdict(copy))


def _all() -> sa.Select[tuple[object, ...]]:
    return sa.select(*(copies.c[name] for name in COPY))
