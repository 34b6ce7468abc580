"""A designer's working copy: opened, saved file by file, undone, brought up to date, put away."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from uuid6 import uuid7

from engine.access import may_publish
from engine.blank import blank
from engine.drafting import Step, changed, last_done, merged, stepped
from engine.errors import Conflict, Invalid, NotAllowed, NotFound
from engine.model import Actor, Data, Draft, DraftFile, Release
from engine.package import (
    FOREIGN,
    MAX_FILE_BYTES,
    MAX_FILES,
    close_package,
    is_own_name,
    own_files,
)
from engine.ports import Store
from engine.values import write_json

from .desk import Act, Desk

NAME = re.compile(r"[a-z][a-z0-9_]{1,59}")


class DraftVerbs(Desk):
    """``shelf``: the folder ``shared`` whose files a draft may speak of."""

    shelf: Path | None = None

    def open_draft(self, actor: Actor, procedure: str) -> Draft:
        """The actor's draft of a procedure: the one there is, else a copy of what is published.

        A procedure that is not published begins with an empty diagram. Raises NotAllowed,
        Invalid (procedure_name).
        """
        refuse_strangers(actor)
        if not NAME.fullmatch(procedure) or procedure in FOREIGN:
            raise Invalid("procedure_name", name=procedure[:60])
        return self._again(lambda: self._open_draft(actor, procedure))

    def _open_draft(self, actor: Actor, procedure: str) -> Draft:
        with self._open() as store:
            found = store.draft_of(procedure, actor.person)
            if found:
                return found
            base = current(store, procedure)
            files = own_files(base.files) if base else blank(procedure)
            now, digest = self.clock(), base.digest if base else ""
            draft = Draft(str(uuid7()), procedure, actor.person, digest, now, now)
            store.add_draft(draft, files)
            self._record_draft(store, draft, Act("draft.open", actor, data={"base": digest}))
        return draft

    def save_file(
        self, actor: Actor, draft_id: str, name: str, content: bytes, seen: str
    ) -> DraftFile:
        """Save a file over the one whose SHA-256 the designer saw ("" = there was none).

        Raises Conflict (draft_file_changed: ``by``, ``at``, ``digest`` now; draft_closed),
        Invalid (draft_name, package_file_large, package_large), NotAllowed (draft_not_yours).
        """
        if not is_own_name(name):
            raise Invalid("draft_name", name=name[:200])
        if len(content) > MAX_FILE_BYTES:
            raise Invalid("package_file_large", name=name, most=MAX_FILE_BYTES // 10**6)
        return self._again(lambda: self._save_file(actor, draft_id, {name: content}, seen))[name]

    def delete_file(self, actor: Actor, draft_id: str, name: str, seen: str) -> None:
        """Take a file away; NotFound (no_draft_file), else raises what ``save_file`` does."""
        self._again(lambda: self._save_file(actor, draft_id, {name: None}, seen))

    def _save_file(
        self, actor: Actor, draft_id: str, wanted: Mapping[str, bytes | None], seen: str
    ) -> Mapping[str, DraftFile]:
        with self._open() as store:
            draft, files = mine(store, actor, draft_id), store.draft_files(draft_id)
            (name, content), *_ = wanted.items()
            there = files.get(name)
            if content is None and there is None:
                raise NotFound("no_draft_file", name=name)
            if (there.digest if there else "") != seen:
                raise Conflict("draft_file_changed", **_last(store, draft, there))
            if there is None and len(files) >= MAX_FILES:
                raise Invalid("package_large", files=MAX_FILES, most=50)
            self._change(store, draft, Step("edit", wanted))
            return store.draft_files(draft_id)

    def bring_files(self, actor: Actor, draft_id: str, files: Mapping[str, bytes]) -> Draft:
        """Put these files (names as in a procedure's folder) in the place of all there are."""
        wrong = next((name for name in files if not is_own_name(name)), None)
        if wrong is not None:
            raise Invalid("draft_name", name=wrong[:200])
        return self._again(lambda: self._bring(actor, draft_id, files))

    def _bring(self, actor: Actor, draft_id: str, files: Mapping[str, bytes]) -> Draft:
        with self._open() as store:
            draft = mine(store, actor, draft_id)
            gone = dict.fromkeys(store.draft_files(draft_id).keys() - files.keys())
            return self._change(store, draft, Step("edit", {**gone, **files}))

    def undo(self, actor: Actor, draft_id: str, again: bool = False) -> Draft:
        """Take back the last save, whichever files it touched; ``again``: do it again after all.

        Raises Conflict (nothing_to_undo, nothing_to_redo).
        """
        return self._again(lambda: self._undo(actor, draft_id, again))

    def _undo(self, actor: Actor, draft_id: str, again: bool) -> Draft:
        with self._open() as store:
            draft = mine(store, actor, draft_id)
            done, undone = last_done(store.draft_changes(draft_id))
            if not (undone if again else done):
                raise Conflict("nothing_to_redo" if again else "nothing_to_undo")
            step = stepped(undone if again else done, again, store.content)
            return self._change(store, draft, step)

    def catch_up(self, actor: Actor, draft_id: str) -> tuple[str, ...]:
        """Take over what was published since the draft began, file by file.

        A file changed here and there stays as it is here; these are the names that come back.
        """
        return self._again(lambda: self._catch_up(actor, draft_id))

    def _catch_up(self, actor: Actor, draft_id: str) -> tuple[str, ...]:
        with self._open() as store:
            draft = mine(store, actor, draft_id)
            new = current(store, draft.procedure)
            if new is None or new.digest == draft.base:
                return ()
            base = own_files(self.release_of(store, draft.base).files) if draft.base else {}
            here = store.draft_bytes(draft_id)
            wanted, both = merged(base, own_files(new.files), here)
            draft = self._change(store, draft, Step("edit", wanted))
            act = Act("draft.catch_up", actor, data={"base": new.digest, "both": list(both)})
            self._settle(store, replace(draft, base=new.digest), act)
        return both

    def drop_draft(self, actor: Actor, draft_id: str) -> None:
        """Put a draft away; what was published stays."""
        self._again(lambda: self._drop(actor, draft_id))

    def _drop(self, actor: Actor, draft_id: str) -> None:
        with self._open() as store:
            draft = mine(store, actor, draft_id)
            self._settle(store, replace(draft, state="dropped"), Act("draft.drop", actor))

    def keep_rehearsal(self, actor: Actor, draft_id: str, told: Data, seen: str) -> None:
        """Keep what the actor tries out on any draft, over what was ``seen`` (``mark`` of it).

        Raises Conflict: rehearsal_moved when it went on elsewhere meanwhile, rehearsal_over.
        """
        refuse_strangers(actor)

        def keep() -> None:
            with self._open() as store:
                draft = store.draft(draft_id)
                if draft.is_closed:
                    raise Conflict("rehearsal_over")
                if mark(store.rehearsal(draft.id, actor.person)) != seen:
                    raise Conflict("rehearsal_moved")
                store.save_rehearsal(draft.id, actor.person, told)

        self._again(keep)

    # What the verbs share ---------------------------------------------------------------------

    def closure(
        self, store: Store, procedure: str, own: Mapping[str, bytes]
    ) -> Mapping[str, bytes]:
        """What would be published: with the shared files it names, the procedures it calls."""

        def called(name: str) -> Mapping[str, bytes]:
            found = current(store, name)
            return own_files(found.files) if found else {}

        return close_package(procedure, own, called, self.shelf)

    def _change(self, store: Store, draft: Draft, step: Step) -> Draft:
        files = store.draft_files(draft.id)
        changes = changed(files, step, draft.version + 1)
        if not changes:
            return draft
        saved = replace(draft, version=draft.version + 1, saved_at=self.clock())
        store.save_draft(saved)
        kept = {one.digest for one in files.values()}
        new = [body for body in step.files.values() if body is not None and _sha(body) not in kept]
        store.change_files(saved, changes, new)
        return saved

    def _settle(self, store: Store, draft: Draft, act: Act) -> Draft:
        """Everything about a draft but its files, with an entry of the procedure's journal."""
        saved = replace(draft, version=draft.version + 1)
        store.save_draft(saved)
        if saved.is_closed:
            store.forget_rehearsals(saved.id)
        self._record_draft(store, saved, act)
        return saved

    def _record_draft(self, store: Store, draft: Draft, act: Act) -> None:
        told = replace(act, data={"draft": draft.id, **act.data})
        self._record(store, f"procedure:{draft.procedure}", told)


def refuse_strangers(actor: Actor) -> None:
    """Drafts are for those who may publish."""
    if not may_publish(actor):
        raise NotAllowed("may_not_publish")


def mine(store: Store, actor: Actor, draft_id: str) -> Draft:
    """The actor's own draft, still open; NotFound, NotAllowed, Conflict (draft_closed)."""
    refuse_strangers(actor)
    draft = store.draft(draft_id)
    if draft.person != actor.person:
        raise NotAllowed("draft_not_yours")
    if draft.state != "open":
        raise Conflict("draft_closed")
    return draft


def current(store: Store, procedure: str) -> Release | None:
    """What is published of a procedure, if anything is."""
    try:
        return store.current_release(procedure)
    except NotFound:
        return None


def _last(store: Store, draft: Draft, there: DraftFile | None) -> dict[str, object]:
    """Who saved the file last, and when; for one that is gone, who saved the draft."""
    by = there.saved_by if there else draft.person
    return {
        "by": store.person(by).name,
        "at": there.saved_at if there else draft.saved_at,
        "digest": there.digest if there else "",
    }


def mark(told: Data | None) -> str:
    """By what a kept rehearsal is known; "" where there is none."""
    return _sha(write_json(told, is_sorted=True)) if told else ""


def _sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
