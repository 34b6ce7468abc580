"""Drafts of procedures: rows, files by digest, and a history that is as long as undo needs."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, fields

import sqlalchemy as sa

from engine.errors import Conflict
from engine.model import Data, Draft, DraftChange, DraftComment, DraftFile
from storage.tables import (
    contents,
    draft_changes,
    draft_comments,
    draft_files,
    drafts,
    rehearsals,
    release_files,
    releases,
)

from .transaction import Transaction

DRAFT = tuple(field.name for field in fields(Draft))
FILE = tuple(field.name for field in fields(DraftFile))
CHANGE = tuple(field.name for field in fields(DraftChange))
COMMENT = tuple(field.name for field in fields(DraftComment))
KEPT_VERSIONS = 300
"""How many saves of a draft can be undone."""


class DraftRows(Transaction):
    def draft(self, draft_id: str) -> Draft:
        """Raises NotFound (no_draft)."""
        row = self.found(_drafts().where(drafts.c.id == draft_id), "no_draft", name=draft_id)
        return Draft(**row._mapping)

    def draft_of(self, procedure: str, person: str) -> Draft | None:
        """The one that this person works on or has submitted."""
        mine = (drafts.c.procedure == procedure) & (drafts.c.person == person)
        row = self.run(_drafts().where(mine, drafts.c.state.in_(("open", "submitted")))).first()
        return Draft(**row._mapping) if row else None

    def add_draft(self, draft: Draft, files: Mapping[str, bytes]) -> None:
        """Raises Conflict (lost_race) when this person has one of the procedure already."""
        if self.draft_of(draft.procedure, draft.person):
            raise Conflict("lost_race")
        self.run(sa.insert(drafts), asdict(draft))
        self._keep_bytes(files.values())
        begun = [
            asdict(DraftFile(name, _digest(content), 0, draft.person, draft.opened_at))
            for name, content in files.items()
        ]
        if begun:
            self.run(sa.insert(draft_files), [{"draft": draft.id, **row} for row in begun])

    def save_draft(self, draft: Draft) -> None:
        """Raises Conflict (lost_race) when another save was faster."""
        mine = (drafts.c.id == draft.id) & (drafts.c.version == draft.version - 1)
        if self.run(sa.update(drafts).where(mine).values(**asdict(draft))).rowcount != 1:
            raise Conflict("lost_race")

    def draft_files(self, draft_id: str) -> Mapping[str, DraftFile]:
        """By name, sorted."""
        query = sa.select(*(draft_files.c[name] for name in FILE))
        rows = self.run(query.where(draft_files.c.draft == draft_id)).all()
        return {row.name: DraftFile(**row._mapping) for row in sorted(rows, key=_name)}

    def draft_bytes(self, draft_id: str, name: str = "") -> Mapping[str, bytes]:
        """The files' bytes by name, sorted: all, or the one of that name."""
        query = sa.select(draft_files.c.name, contents.c.content)
        query = query.join(contents, contents.c.digest == draft_files.c.digest)
        query = query.where(draft_files.c.draft == draft_id)
        rows = self.run(query.where(draft_files.c.name == name) if name else query).all()
        return {row.name: row.content for row in sorted(rows, key=_name)}

    def content(self, digest: str) -> bytes:
        """Raises NotFound (no_draft_file)."""
        query = sa.select(contents.c.content).where(contents.c.digest == digest)
        return bytes(self.found(query, "no_draft_file", name=digest).content)

    def change_files(
        self, draft: Draft, changes: Sequence[DraftChange], new: Sequence[bytes]
    ) -> None:
        """Note the changes, bring the files to where these say; ``new``: bytes not kept before."""
        self._keep_bytes(new)
        self.run(sa.insert(draft_changes), [{"draft": draft.id, **asdict(one)} for one in changes])
        gone = [one.name for one in changes if not one.after]
        if gone:
            here = draft_files.c.draft == draft.id
            self.run(sa.delete(draft_files).where(here, draft_files.c.name.in_(gone)))
        saved = {"draft": draft.id, "saved_by": draft.person, "saved_at": draft.saved_at}
        kept = [
            {**saved, "name": one.name, "digest": one.after, "version": one.version}
            for one in changes
            if one.after
        ]
        self.upsert(draft_files, kept)
        self._forget(draft)

    def draft_changes(self, draft_id: str) -> Sequence[DraftChange]:
        """The last ones, the first of them first."""
        query = sa.select(*(draft_changes.c[name] for name in CHANGE))
        query = query.where(draft_changes.c.draft == draft_id)
        rows = self.run(query.order_by(draft_changes.c.version, draft_changes.c.name))
        return [DraftChange(**row._mapping) for row in rows]

    def was_offered(self, person: str, digest: str) -> bool:
        """Whether a release of this digest was published, or put forward by this person."""
        put_forward = sa.exists().where(drafts.c.digest == digest, drafts.c.person == person)
        published = sa.exists().where(releases.c.digest == digest)
        return bool(self.run(sa.select(put_forward | published)).scalar())

    def comments(self, draft_id: str) -> Sequence[DraftComment]:
        """The first one first."""
        query = sa.select(*(draft_comments.c[name] for name in COMMENT))
        query = query.where(draft_comments.c.draft == draft_id)
        rows = self.run(query.order_by(draft_comments.c.said_at, draft_comments.c.id))
        return [DraftComment(**row._mapping) for row in rows]

    def save_comment(self, comment: DraftComment) -> None:
        self.upsert(draft_comments, [asdict(comment)])

    def rehearsal(self, draft_id: str, person: str) -> Data | None:
        """What this person last tried out on a draft, as it was kept."""
        mine = (rehearsals.c.draft == draft_id) & (rehearsals.c.person == person)
        told: Data | None = self.run(sa.select(rehearsals.c.told).where(mine)).scalar()
        return told

    def save_rehearsal(self, draft_id: str, person: str, told: Data) -> None:
        kept = {"draft": draft_id, "person": person, "told": told, "saved_at": self.now()}
        self.upsert(rehearsals, [kept])

    def forget_rehearsals(self, draft_id: str) -> None:
        """Whatever anybody tried out on it."""
        self.run(sa.delete(rehearsals).where(rehearsals.c.draft == draft_id))

    def _keep_bytes(self, bodies: Iterable[bytes]) -> None:
        rows = {_digest(body): body for body in bodies}
        if rows:
            insert = self.insert(contents).on_conflict_do_nothing()
            listed = sorted(rows.items())
            self.run(insert, [{"digest": digest, "content": body} for digest, body in listed])

    def _forget(self, draft: Draft) -> None:
        """Drop what is older than undo goes back, and bytes that nothing speaks of any more."""
        old = draft_changes.c.version <= draft.version - KEPT_VERSIONS
        mine = draft_changes.c.draft == draft.id
        digests = set(self.run(sa.select(draft_changes.c.before).where(mine, old)).scalars())
        if not digests:
            return
        self.run(sa.delete(draft_changes).where(mine, old))
        used = [
            sa.exists().where(column == contents.c.digest)
            for column in (
                release_files.c.digest,
                draft_files.c.digest,
                draft_changes.c.before,
                draft_changes.c.after,
            )
        ]
        unused = sa.and_(*(~one for one in used))
        self.run(sa.delete(contents).where(contents.c.digest.in_(digests - {""}), unused))


def _drafts() -> sa.Select[tuple[object, ...]]:
    return sa.select(*(drafts.c[name] for name in DRAFT))


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _name(row: sa.Row[tuple[object, ...]]) -> str:
    return str(row.name)
