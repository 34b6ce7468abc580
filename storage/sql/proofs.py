"""What there is to prove, page by page, and what is read only to prove it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from engine.model import Data
from storage.tables import (
    attachments,
    cases,
    contents,
    facts,
    journal,
    log_leaves,
    papers,
    publications,
    release_files,
    releases,
    seal_uses,
)

from .transaction import Transaction

_SUBJECTS: Mapping[str, Sequence[sa.ColumnElement[str]]] = {
    "release": (releases.c.digest, release_files.c.release, publications.c.release),
    "content": (contents.c.digest,),
    "facts": (facts.c.digest,),
    "stream": (
        journal.c.stream,
        log_leaves.c.stream,
        sa.literal("case:").concat(cases.c.id),
    ),
    "blob": (attachments.c.digest, papers.c.file, seal_uses.c.digest),
}
"""Where the names of each kind stand: more than one column, so that what is missing in one is missed."""


class ProofRows(Transaction):
    def subjects(self, kind: str, after: str, limit: int) -> Sequence[str]:
        """The next names of a kind, in order: as many as ``limit``, fewer at the end."""
        pages = [
            sa.select(name.label("name"))
            .where(name > after)
            .distinct()
            .order_by(name)
            .limit(limit)
            .subquery()
            for name in _SUBJECTS[kind]
        ]
        every = sa.union(*(sa.select(page.c.name) for page in pages)).subquery()
        return list(self.run(sa.select(every.c.name).order_by(every.c.name).limit(limit)).scalars())

    def count_subjects(self, kind: str) -> int:
        """About how many there are: enough to say how far one has got."""
        name = _SUBJECTS[kind][0]
        return int(self.run(sa.select(sa.func.count(name.distinct()))).scalar() or 0)

    def publication(self, digest: str) -> Data:
        """What the row of a release says; raises NotFound (no_release)."""
        query = sa.select(releases).where(releases.c.digest == digest)
        return dict(self.found(query, "no_release", name=digest)._mapping)

    def publications(self, digest: str) -> Sequence[Data]:
        """What the rows say by which it was published: once, or again under a later number."""
        query = sa.select(publications).where(publications.c.release == digest)
        rows = self.run(query.order_by(publications.c.version))
        return [dict(row._mapping) for row in rows]

    def content(self, digest: str) -> bytes:
        """A file of some release, as it is stored; raises NotFound (no_release)."""
        query = sa.select(contents.c.content).where(contents.c.digest == digest)
        return bytes(self.found(query, "no_release", name=digest).content)
