"""Publishing a procedure: checked, approved by a second person, immutable."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from engine.access import may_publish
from engine.checks import check
from engine.errors import Invalid, NotAllowed, NotFound
from engine.model import SYSTEM, Actor, Data, Release
from engine.package import digest
from engine.ports import Store

from .desk import Act, Desk


class ReleaseVerbs(Desk):
    def publish(
        self, author: Actor, approver: Actor, procedure: str, files: Mapping[str, bytes], note: str
    ) -> Release:
        """Add an immutable release. Raises Invalid with the findings of level error.

        The author is not the approver. Identical bytes make no new release.
        """
        if author.person == approver.person and author is not INSTALLATION:
            raise NotAllowed("author_is_approver")
        if not (author is INSTALLATION or (may_publish(author) and may_publish(approver))):
            raise NotAllowed("may_not_publish")
        findings = [f for f in check(files, procedure) if f.level == "error"]
        if findings:
            raise Invalid("findings", problems=findings, procedure=procedure)
        return self._again(lambda: self._publish(author, approver, procedure, files, note))

    def _publish(
        self, author: Actor, approver: Actor, procedure: str, files: Mapping[str, bytes], note: str
    ) -> Release:
        release = Release(procedure, digest(files), files)
        with self._open() as store:
            current = self._current(store, procedure)
            if current and current.digest == release.digest:
                return current
            now = self.clock()
            people = (author.person, approver.person)
            added = store.add_release(following(current, release), *people, now, note)
            act = Act("publish", author, data=publication(added, people, now), reason=note)
            self._record(store, f"procedure:{procedure}", act)
        return added

    def install(self, bundled: Mapping[str, Mapping[str, bytes]]) -> list[Release]:
        """At start: a bundled procedure publishes itself if none is published (conventions 4)."""
        with self._open() as store:
            missing = [name for name in bundled if self._current(store, name) is None]
        return [
            self.publish(INSTALLATION, INSTALLATION, name, bundled[name], "installation")
            for name in sorted(missing)
        ]

    @staticmethod
    def _current(store: Store, procedure: str) -> Release | None:
        try:
            return store.current_release(procedure)
        except NotFound:
            return None


def following(current: Release | None, release: Release) -> Release:
    """With the next version's number: who reads the same number at the same time tries again."""
    return replace(release, version=(current.version if current else 0) + 1)


def publication(release: Release, people: tuple[str, str], at: datetime) -> Data:
    """What the journal tells of one; ``people``: author and approver."""
    author, approver = people
    named = {"digest": release.digest, "version": release.version}
    return {**named, "author": author, "approver": approver, "published_at": at}


INSTALLATION = Actor("installation", "installation", SYSTEM.grants)
"""The first author and approver."""
