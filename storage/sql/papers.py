"""Documents of a dossier with their typeset versions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, fields

import sqlalchemy as sa

from engine.model import Data, Paper
from storage.tables import documents, papers

from .transaction import Transaction

PAPER = tuple(field.name for field in fields(Paper))
DOCUMENT = ("id", "dossier", "case_id", "kind", "number", "digest", "data")


class PaperRows(Transaction):
    def document(self, document_id: str) -> Data:
        """Raises NotFound (no_document)."""
        query = sa.select(*(documents.c[name] for name in DOCUMENT))
        found = self.found(
            query.where(documents.c.id == document_id), "no_document", name=document_id
        )
        return dict(found._mapping)

    def add_paper(self, paper: Paper) -> None:
        """Raises Conflict (already_there)."""
        self.run(sa.insert(papers), asdict(paper))

    def papers(self, document_id: str) -> Sequence[Paper]:
        """The first version first."""
        query = sa.select(*(papers.c[name] for name in PAPER))
        rows = self.run(query.where(papers.c.document == document_id).order_by(papers.c.version))
        return [Paper(**row._mapping) for row in rows]

    def paper_of(self, file: str) -> Paper | None:
        """The version that was typeset as this file."""
        query = sa.select(*(papers.c[name] for name in PAPER)).where(papers.c.file == file)
        row = self.run(query.limit(1)).first() if file else None
        return Paper(**row._mapping) if row else None
