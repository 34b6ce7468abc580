"""Dossiers with their parties and documents, and the numbers given out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, fields

import sqlalchemy as sa

from engine.errors import NotFound
from engine.identity import id_digest, name_digest
from engine.model import Case, Data, Dossier, Party, Scan
from storage.tables import attachments, documents, dossiers, numbers, parties, scans, series

from .transaction import Transaction

DOSSIER = tuple(field.name for field in fields(Dossier))
PARTY = tuple(field.name for field in fields(Party))
SCAN = tuple(field.name for field in fields(Scan))
_DOSSIER = sa.select(*(dossiers.c[name] for name in DOSSIER)).where(
    dossiers.c.id == sa.bindparam("dossier")
)


class DossierRows(Transaction):
    def dossier(self, dossier_id: str) -> Dossier:
        """Raises NotFound (no_dossier)."""
        row = self.run(_DOSSIER, {"dossier": dossier_id}).first()
        if row is None:
            raise NotFound("no_dossier", name=dossier_id)
        return Dossier(**row._mapping)

    def save_dossier(self, dossier: Dossier) -> None:
        """Raises Conflict (already_there) when another dossier has its number."""
        self.upsert(dossiers, [asdict(dossier)])

    def parties(self, dossier_id: str) -> Sequence[Party]:
        """In the order in which they were entered."""
        query = sa.select(*(parties.c[name] for name in PARTY)).where(
            parties.c.dossier == dossier_id
        )
        rows = self.run(query.order_by(parties.c.position, parties.c.id))
        return [Party(**row._mapping) for row in rows]

    def save_party(self, party: Party) -> None:
        """Its dossier shows the names of all its parties, in order."""
        others = self.parties(party.dossier)
        names = {other.id: other.name for other in others} | {party.id: party.name}
        row = asdict(party) | {
            "position": list(names).index(party.id),
            "id_digest": id_digest(party.detail),
            "name_digest": name_digest(party.name, party.detail),
        }
        self.upsert(parties, [row])
        shown = sa.update(dossiers).where(dossiers.c.id == party.dossier)
        self.run(shown, {"party_names": "、".join(names.values())})

    def add_document(self, case: Case, document: Data) -> None:
        """``document``: id, kind, number, digest, data."""
        where = {"dossier": case.dossier, "case_id": case.id, "made_at": self.now()}
        self.run(sa.insert(documents), document | where)

    def add_attachment(self, dossier_id: str, by: str, attachment: Data) -> bool:
        """``attachment``: digest, name, type, size in bytes. The same file twice stays one (False)."""
        row = attachment | {"dossier": dossier_id, "added_by": by, "added_at": self.now()}
        return self.run(self.insert(attachments).on_conflict_do_nothing(), row).rowcount == 1

    def attachment(self, digest: str, dossier_id: str) -> Data:
        """Raises NotFound (no_attachment) when this dossier does not hold the file."""
        query = sa.select(attachments).where(
            attachments.c.digest == digest, attachments.c.dossier == dossier_id
        )
        return dict(self.found(query, "no_attachment", name=digest)._mapping)

    def save_scan(self, scan: Scan) -> None:
        self.upsert(scans, [asdict(scan)])

    def scan(self, digest: str) -> Scan | None:
        """What the scanner said last of a file; None when it was never asked."""
        query = sa.select(*(scans.c[name] for name in SCAN)).where(scans.c.digest == digest)
        row = self.run(query).first()
        return Scan(**row._mapping) if row else None

    def next_number(self, name: str, key: str) -> int:
        """The next number of a series, without gaps; the same key gets the same number again."""
        given = sa.select(numbers.c.number).where(numbers.c.series == name, numbers.c.key == key)
        number: int | None = self.run(given).scalar()
        if number is not None:
            return number
        insert = self.insert(series).values(id=name, last=1)
        counted = insert.on_conflict_do_update(series.primary_key, set_={"last": series.c.last + 1})
        number = int(self.run(counted.returning(series.c.last)).scalar_one())
        self.run(sa.insert(numbers), {"series": name, "key": key, "number": number})
        return number
