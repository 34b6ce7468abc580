"""The log: leaves in their place, nodes, signed heads; and what waits to get in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import sqlalchemy as sa

from engine.proofports import Leaf, Placed, Standing
from storage.tables import checkpoints, journal, log_leaves, log_nodes, log_pending, payload

from .transaction import Transaction

SEALING = 20260303
"""The lock of PostgreSQL that one sealer at a time holds; it is in nobody else's way."""


class LogRows(Transaction):
    def unsealed(self, limit: int) -> Sequence[Leaf]:
        """Committed entries that are not in the log yet, in the order in which they will stand there.

        Whoever gets them is the only sealer until the transaction ends; another one gets none.
        """
        if self.on_postgres and not self._lock():
            return []
        pending = log_pending.c
        query = (
            sa.select(pending.stream, pending.seq, journal.c.leaf)
            .join(journal, (journal.c.stream == pending.stream) & (journal.c.seq == pending.seq))
            .order_by(pending.stream, pending.seq)
            .limit(limit)
        )
        return [Leaf(row.stream, row.seq, row.leaf) for row in self.run(query)]

    def _lock(self) -> bool:
        query = sa.text("SELECT pg_try_advisory_xact_lock(:name)").bindparams(name=SEALING)
        return bool(self.connection.execute(query).scalar())

    def hold_log(self) -> None:
        """Nobody else seals until the transaction ends."""
        if self.on_postgres:
            self.run(sa.text("SELECT pg_advisory_xact_lock(:name)").bindparams(name=SEALING))

    def add_leaves(self, first: int, added: Sequence[Leaf]) -> None:
        """They stand in the log from now on, from position ``first``, and wait no longer."""
        rows = [
            {"position": first + n, "stream": leaf.stream, "seq": leaf.seq, "leaf": leaf.leaf}
            for n, leaf in enumerate(added)
        ]
        self.run(sa.insert(log_leaves), rows)
        entry = (
            log_pending.c.stream == sa.bindparam("of"),
            log_pending.c.seq == sa.bindparam("no"),
        )
        gone = [{"of": leaf.stream, "no": leaf.seq} for leaf in added]
        self.run(sa.delete(log_pending).where(*entry), gone)

    def log_size(self) -> int:
        last = self.run(sa.select(sa.func.max(log_leaves.c.position))).scalar()
        return 0 if last is None else int(last) + 1

    def log_hashes(self, height: int, start: int, stop: int) -> Sequence[bytes]:
        """Stored nodes of a height in order (0: leaves), fewer where the log ends."""
        if height == 0:
            place = log_leaves.c.position
            query = sa.select(log_leaves.c.leaf).where(place >= start, place < stop)
        else:
            place = log_nodes.c.position
            query = sa.select(log_nodes.c.hash).where(
                log_nodes.c.height == height, place >= start, place < stop
            )
        return [bytes.fromhex(node) for node in self.run(query.order_by(place)).scalars()]

    def add_nodes(self, height: int, first: int, nodes: Sequence[bytes]) -> None:
        rows = [
            {"height": height, "position": first + n, "hash": node.hex()}
            for n, node in enumerate(nodes)
        ]
        self.run(sa.insert(log_nodes), rows)

    def add_checkpoint(self, size: int, note: str) -> None:
        self.run(sa.insert(checkpoints), {"size": size, "note": note})

    def checkpoint(self, above: int = 0) -> str:
        """The note of the first head that covers more leaves than that; "" when there is none."""
        query = sa.select(checkpoints.c.note).where(checkpoints.c.size > above)
        return self.run(query.order_by(checkpoints.c.size).limit(1)).scalar() or ""

    def last_checkpoint(self) -> tuple[int, str]:
        """(size, note) of the latest head; (0, "") before the first."""
        row = self.run(sa.select(checkpoints).order_by(checkpoints.c.size.desc()).limit(1)).first()
        return (row.size, row.note) if row else (0, "")

    def standing(self, stream: str) -> Sequence[Standing]:
        """Where the entries of a stream stand in the log, those that wait with position -1."""
        leaf, pending = log_leaves.c, log_pending.c
        sealed = sa.select(leaf.seq, leaf.leaf, leaf.position).where(leaf.stream == stream)
        waiting = sa.select(pending.seq, sa.literal(""), sa.literal(-1)).where(
            pending.stream == stream
        )
        rows = self.run(sealed.union_all(waiting).order_by("seq"))
        return [Standing(row.seq, row.leaf, row.position) for row in rows]

    # Read to be proved ---------------------------------------------------------------------

    def leaves_after(self, position: int, limit: int) -> Sequence[Placed]:
        """The next ones, in order."""
        place, entry = log_leaves.c, journal.c
        query = (
            sa.select(
                *(place.position, place.leaf, place.stream, place.seq),
                *(entry.leaf.label("now"), entry.at),
            )
            .outerjoin(journal, (entry.stream == place.stream) & (entry.seq == place.seq))
            .where(place.position > position)
            .order_by(place.position)
            .limit(limit)
        )
        return [Placed(**row._mapping) for row in self.run(query)]

    def checkpoints_after(self, size: int, limit: int) -> Sequence[tuple[int, str]]:
        query = sa.select(checkpoints).where(checkpoints.c.size > size)
        rows = self.run(query.order_by(checkpoints.c.size).limit(limit))
        return [(row.size, row.note) for row in rows]

    def stored_nodes(self) -> Iterator[tuple[int, int, str]]:
        """Every stored node: (height, position, hash)."""
        for row in self.run(sa.select(log_nodes)):
            yield row.height, row.position, row.hash

    def stray_pending(self) -> int:
        """How many wait that no entry stands behind, or that are in the log already."""
        pending, entry, leaf = log_pending.c, journal.c, log_leaves.c
        behind = (entry.stream == pending.stream) & (entry.seq == pending.seq)
        is_entry = sa.exists().where(behind)
        is_sealed = sa.exists().where(leaf.stream == pending.stream, leaf.seq == pending.seq)
        query = sa.select(sa.func.count()).select_from(log_pending).where(~is_entry | is_sealed)
        return int(self.run(query).scalar() or 0)

    def stray_payloads(self) -> int:
        """How many contents no entry commits to."""
        behind = (journal.c.stream == payload.c.stream) & (journal.c.seq == payload.c.seq)
        query = sa.select(sa.func.count()).select_from(payload).where(~sa.exists().where(behind))
        return int(self.run(query).scalar() or 0)
