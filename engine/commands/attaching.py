"""Files that people send: scanned before they are kept, entered in a dossier, opened."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from engine.errors import Invalid, NotAllowed
from engine.model import Actor, Scan

from .desk import Act, Desk
from .visiting import works_on

SCAN = "files.scan"
KEPT = ("digest", "name", "type", "size")
File = Mapping[str, Any]
"""digest, name, type (media type by content), size in bytes."""


class AttachVerbs(Desk):
    def take_file(self, actor: Actor, content: bytes) -> str:
        """Keep a file that was sent, once the scanner has let it through; its digest.

        Raises Invalid (upload_infected), journalled with the person; Failed (scanner_missing,
        scanner_silent) where scanning is required, and what keeping a file raises.
        """
        digest = hashlib.sha256(content).hexdigest()
        scanner = self._handlers.get(SCAN)
        if scanner:
            told = scanner(digest, {"content": content})
            scan = Scan(digest, told["verdict"], told["found"], self.clock())
            self._again(lambda: self._keep_scan(actor, scan))
            if scan.verdict == "infected":
                raise Invalid("upload_infected", found=scan.found)
        return self.blobs.put(content)

    def _keep_scan(self, actor: Actor, scan: Scan) -> None:
        with self._open() as store:
            store.save_scan(scan)
            if scan.verdict == "infected":
                data = {"digest": scan.digest, "found": scan.found}
                self._record(store, f"person:{actor.person}", Act("infected", actor, data=data))

    def attach(self, actor: Actor, dossier_id: str, files: Sequence[File]) -> int:
        """Enter files in a dossier, from now on read by whoever may see it; how many were new.

        One entry on the dossier's stream says which, with what the scanner said of each.
        """
        return self._again(lambda: self._attach(actor, dossier_id, files))

    def _attach(self, actor: Actor, dossier_id: str, files: Sequence[File]) -> int:
        with self._open() as store:
            store.dossier(dossier_id)
            new = []
            for one in files:
                told = {key: one[key] for key in KEPT} | {"size": int(one["size"])}
                if store.add_attachment(dossier_id, actor.person, told):
                    scan = store.scan(told["digest"])
                    new.append(told | {"scan": scan.verdict if scan else ""})
            if new:
                act = Act("attach", actor, data={"files": new})
                self._record(store, f"dossier:{dossier_id}", act)
        return len(new)

    def add_file(self, actor: Actor, dossier_id: str, file: File) -> int:
        """A file that somebody working on the dossier lays in; NotAllowed (may_not_attach)."""
        with self._open() as store:
            if not works_on(store, actor, dossier_id):
                raise NotAllowed("may_not_attach")
        return self.attach(actor, dossier_id, [file])

    def note_opening(self, actor: Actor, dossier_id: str, digest: str) -> None:
        """Chain that somebody opened a file: each time."""

        def note() -> None:
            with self._open() as store:
                act = Act("file_open", actor, data={"digest": digest})
                self._record(store, f"dossier:{dossier_id}", act)

        self._again(note)
