"""Releases with their files, and facts: immutable, found by digest."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from engine.errors import Failed, NotFound
from engine.model import Facts, Release
from storage.tables import contents, facts, publications, release_files, releases

from .transaction import Transaction


class ReleaseRows(Transaction):
    def release(self, digest: str) -> Release:
        """Raises NotFound (no_release)."""
        return self._release(releases.c.digest == digest, "no_release", digest)

    def current_release(self, procedure: str) -> Release:
        """The latest version; raises NotFound (not_published)."""
        latest = sa.select(publications.c.release, publications.c.version)
        latest = latest.where(publications.c.procedure == procedure)
        row = self.found(
            latest.order_by(publications.c.version.desc()).limit(1), "not_published", name=procedure
        )
        found = self._release(releases.c.digest == row.release, "no_release", row.release)
        return replace(found, version=row.version)

    def current_digests(self) -> Sequence[str]:
        """The latest version of every procedure."""
        made = publications.c
        rank = sa.func.max(made.version).over(partition_by=made.procedure)
        ranked = sa.select(made.release, made.version, rank.label("latest")).subquery()
        query = sa.select(ranked.c.release).where(ranked.c.version == ranked.c.latest)
        return list(self.run(query.order_by(ranked.c.release)).scalars())

    def _release(self, where: sa.ColumnElement[bool], code: str, name: str) -> Release:
        rows = self.run(
            sa.select(releases, release_files.c.name, contents.c.content)
            .join(release_files, release_files.c.release == releases.c.digest)
            .join(contents, contents.c.digest == release_files.c.digest)
            .where(where)
        ).all()
        if not rows:
            raise NotFound(code, name=name)
        files = {row.name: row.content for row in rows}
        return Release(rows[0].procedure, rows[0].digest, files, rows[0].version)

    def add_release(
        self, release: Release, author: str, approver: str, at: datetime, note: str = ""
    ) -> Release:
        """The release with its version: the given one, else one more than the procedure's latest."""
        made = publications.c
        latest = sa.select(sa.func.max(made.version)).where(made.procedure == release.procedure)
        version = release.version or (self.run(latest).scalar() or 0) + 1
        added = replace(release, version=version)
        head = {"procedure": added.procedure, "version": added.version}
        people = {"author": author, "approver": approver, "published_at": at}
        known = sa.select(releases.c.digest).where(releases.c.digest == added.digest)
        if self.run(known).first() is None:
            self.run(sa.insert(releases), {"digest": added.digest, **head, **people})
            self._add_files(added)
        self.run(sa.insert(publications), {"release": added.digest, "note": note, **head, **people})
        return added

    def _add_files(self, added: Release) -> None:
        digests = {name: hashlib.sha256(body).hexdigest() for name, body in added.files.items()}
        bodies = {digests[name]: body for name, body in added.files.items()}
        self.run(
            self.insert(contents).on_conflict_do_nothing(),
            [{"digest": digest, "content": body} for digest, body in sorted(bodies.items())],
        )
        listed = [
            {"release": added.digest, "name": name, "digest": digest}
            for name, digest in digests.items()
        ]
        self.run(sa.insert(release_files), listed)

    def facts(self, digest: str) -> Facts:
        """Raises NotFound (no_facts)."""
        row = self.found(sa.select(facts).where(facts.c.digest == digest), "no_facts", name=digest)
        return _facts(row)

    def current_facts(self) -> Facts:
        """What holds now; raises NotFound (no_facts) in an empty store."""
        query = sa.select(facts).order_by(facts.c.current_since.desc()).limit(1)
        row = self.found(query, "no_facts", name="current")
        return _facts(row)

    def add_facts(self, added: Facts, at: datetime) -> None:
        """Keep them and let them hold from now on, also when they held before or the clock went back."""
        last = self.run(sa.select(sa.func.max(facts.c.current_since))).scalar()
        at = max(at, last + timedelta(microseconds=1)) if last else at
        content = {
            "calendars": added.calendars,
            "settings": added.settings,
            "registers": added.registers,
        }
        row = {"digest": added.digest, "content": content, "added_at": at, "current_since": at}
        insert = self.insert(facts).on_conflict_do_update(
            facts.primary_key, set_={"current_since": at}
        )
        self.run(insert, row)


def _facts(row: sa.Row[Any]) -> Facts:
    try:
        return Facts(row.digest, **row.content)
    except TypeError as error:
        raise Failed("row_damaged", permanent=True, found=str(row.content)[:80]) from error
