"""From a draft to a release: submitted with a note, discussed, approved by a second person."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from uuid6 import uuid7

from engine.checks import check
from engine.errors import Conflict, Invalid, NotAllowed, NotFound
from engine.model import Actor, Draft, DraftComment, DraftState, Facts, Finding, Release
from engine.package import digest, own_files
from engine.ports import Store
from engine.scenario import find_scenarios, play

from .desk import Act
from .drafts import DraftVerbs, current, mine, refuse_strangers
from .releases import INSTALLATION, ReleaseVerbs, following, publication

LONGEST_NOTE = 2_000
Files = Mapping[str, bytes]


class ReviewVerbs(DraftVerbs, ReleaseVerbs):
    def submit(self, actor: Actor, draft_id: str, note: str) -> Draft:
        """Ask a second person to approve; the draft stands still until they did or sent it back.

        Raises Invalid (release_note_needed, findings with problems), Conflict (nothing_changed,
        draft_outdated: something was published since the draft began).
        """
        note = note.strip()[:LONGEST_NOTE]
        if not note:
            raise Invalid("release_note_needed")
        draft, files = self._would_publish(draft_id)
        self._prove(draft.procedure, files)
        return self._again(lambda: self._submit(actor, draft, digest(files), note))

    def _submit(self, actor: Actor, seen: Draft, wanted: str, note: str) -> Draft:
        with self._open() as store:
            draft = mine(store, actor, seen.id)
            if draft.version != seen.version:
                raise Conflict("draft_moved")
            _refuse_outdated(store, draft, wanted)
            asked = replace(draft, note=note, digest=wanted, submitted_at=self.clock())
            act = Act("draft.submit", actor, data={"digest": wanted}, reason=note)
            return self._settle(store, replace(asked, state="submitted"), act)

    def take_back(self, actor: Actor, draft_id: str) -> Draft:
        """Go on working on one's submitted draft."""
        return self._again(lambda: self._reopen(actor, draft_id, ""))

    def send_back(self, actor: Actor, draft_id: str, reason: str) -> Draft:
        """The reviewer does not approve, and says why; what the product brought is put away.

        Raises Invalid (say_why), Conflict (draft_not_submitted).
        """
        refuse_strangers(actor)
        if not reason.strip():
            raise Invalid("say_why")
        return self._again(lambda: self._reopen(actor, draft_id, reason.strip()[:LONGEST_NOTE]))

    def _reopen(self, actor: Actor, draft_id: str, reason: str) -> Draft:
        with self._open() as store:
            draft = submitted(store, draft_id)
            if not reason and draft.person != actor.person:
                raise NotAllowed("draft_not_yours")
            verb = "draft.send_back" if reason else "draft.take_back"
            state: DraftState = "dropped" if draft.person == INSTALLATION.person else "open"
            told = Act(verb, actor, reason=reason)
            back = self._settle(store, replace(draft, state=state, submitted_at=None), told)
            if reason:
                store.save_comment(self._comment(actor, draft_id, ("", ""), reason))
            return back

    def approve(self, actor: Actor, draft_id: str, seen: str) -> Release:
        """Publish what was submitted, as its next version; ``seen``: the digest that was reviewed.

        Raises NotAllowed (author_is_approver), Conflict (draft_not_submitted, draft_moved,
        draft_outdated), Invalid (findings with problems). Two at once give n and n + 1.
        """
        refuse_strangers(actor)
        draft, files = self._would_publish(draft_id)
        if draft.person == actor.person:
            raise NotAllowed("author_is_approver")
        if digest(files) != seen:
            raise Conflict("draft_moved")
        self._prove(draft.procedure, files)
        return self._again(
            lambda: self._approve(actor, draft, Release(draft.procedure, seen, files))
        )

    def _approve(self, actor: Actor, seen: Draft, release: Release) -> Release:
        with self._open() as store:
            draft = submitted(store, seen.id)
            if draft.version != seen.version:
                raise Conflict("draft_moved")
            before = _refuse_outdated(store, draft, release.digest)
            now = self.clock()
            people = (draft.person, actor.person)
            added = store.add_release(following(before, release), *people, now, draft.note)
            told = publication(added, people, now) | {"draft": draft.id}
            decided = replace(draft, decided_by=actor.person, decided_at=now, digest=release.digest)
            act = Act("publish", actor, data=told, reason=draft.note)
            self._settle(store, replace(decided, state="published"), act)
        return added

    def propose_again(self, actor: Actor, procedure: str, old: str, note: str) -> Draft:
        """Ask to publish an old release (digest) anew: a submitted draft with its very bytes.

        Raises Conflict (draft_in_the_way, nothing_changed), NotFound (no_release),
        Invalid (release_note_needed).
        """
        refuse_strangers(actor)
        if not note.strip():
            raise Invalid("release_note_needed")
        asked = (actor, procedure, old, note.strip()[:LONGEST_NOTE])
        return self._again(lambda: self._propose(*asked))

    def _propose(self, actor: Actor, procedure: str, wanted: str, note: str) -> Draft:
        with self._open() as store:
            release = self.release_of(store, wanted)
            if release.procedure != procedure:
                raise NotFound("no_release", name=wanted)
            if store.draft_of(procedure, actor.person):
                raise Conflict("draft_in_the_way")
            return self._put_forward(store, actor, release, note)

    def _put_forward(self, store: Store, actor: Actor, release: Release, note: str) -> Draft:
        now, base = self.clock(), current(store, release.procedure)
        begun = base.digest if base else ""
        draft = Draft(str(uuid7()), release.procedure, actor.person, begun, now, now)
        draft = replace(
            draft, state="submitted", note=note, digest=release.digest, submitted_at=now
        )
        _refuse_outdated(store, draft, release.digest)
        store.add_draft(draft, own_files(release.files))
        told = {"digest": release.digest}
        self._record_draft(store, draft, Act("draft.submit", actor, data=told, reason=note))
        return draft

    def offer(self, bundled: Mapping[str, Files]) -> list[Draft]:
        """Put forward the versions that came with the product and were never published here.

        Once each: what was sent back is not put forward again.
        """
        offered = []
        for name in sorted(bundled):
            release = Release(name, digest(bundled[name]), bundled[name])
            with self._open() as store:
                now = current(store, name)
                if (
                    now
                    and now.digest != release.digest
                    and not store.was_offered(INSTALLATION.person, release.digest)
                ):
                    old = store.draft_of(name, INSTALLATION.person)
                    if old:
                        act = Act("draft.drop", INSTALLATION)
                        self._settle(store, replace(old, state="dropped"), act)
                    offered.append(self._put_forward(store, INSTALLATION, release, "installation"))
        return offered

    # What is said of a draft ------------------------------------------------------------------

    def comment(
        self, actor: Actor, draft_id: str, place: tuple[str, str], text: str
    ) -> DraftComment:
        """Say something of a draft, pinned to (file, element); ("", "") is all of it."""
        refuse_strangers(actor)
        if not text.strip():
            raise Invalid("comment_empty")
        said = self._comment(actor, draft_id, place, text.strip()[:LONGEST_NOTE])
        self._again(lambda: self._say(actor, said))
        return said

    def close_comment(self, actor: Actor, draft_id: str, comment_id: str) -> None:
        """It was dealt with."""
        refuse_strangers(actor)
        self._again(lambda: self._close(actor, draft_id, comment_id))

    def _close(self, actor: Actor, draft_id: str, comment_id: str) -> None:
        with self._open() as store:
            said = {one.id: one for one in store.comments(draft_id)}.get(comment_id)
            if said is None:
                raise NotFound("no_comment", name=comment_id)
            closed = replace(said, closed_by=actor.person, closed_at=self.clock())
            store.save_comment(closed)
            told = {"comment": comment_id, "closed": True}
            self._record_draft(store, store.draft(draft_id), Act("draft.comment", actor, data=told))

    def _say(self, actor: Actor, said: DraftComment) -> None:
        with self._open() as store:
            draft = store.draft(said.draft)
            store.save_comment(said)
            told = {"comment": said.id, "file": said.file, "element": said.element}
            act = Act("draft.comment", actor, data=told, reason=said.text)
            self._record_draft(store, draft, act)

    def _comment(
        self, actor: Actor, draft_id: str, place: tuple[str, str], text: str
    ) -> DraftComment:
        return DraftComment(str(uuid7()), draft_id, *place, actor.person, text, self.clock())

    # What would be published ------------------------------------------------------------------

    def publishable(self, store: Store, draft: Draft) -> Files:
        """The files of the release that a draft would become; those of an old one are its own."""
        if draft.state == "submitted":
            try:
                return self.release_of(store, draft.digest).files
            except NotFound:
                pass
        return self.closure(store, draft.procedure, store.draft_bytes(draft.id))

    def _would_publish(self, draft_id: str) -> tuple[Draft, Files]:
        with self._open() as store:
            draft = store.draft(draft_id)
            return draft, self.publishable(store, draft)

    def _prove(self, procedure: str, files: Files) -> None:
        """Raises Invalid (findings): errors of the checks, and scenarios that end otherwise."""
        found = [one for one in check(files, procedure) if one.level == "error"]
        if not found:
            with self._open() as store:
                facts = store.current_facts()
            found = list(failures(Release(procedure, digest(files), files), facts))
        if found:
            raise Invalid("findings", problems=found, procedure=procedure)


def failures(release: Release, facts: Facts) -> Iterator[Finding]:
    """Scenarios of a release that do not end as told, each with what happened instead."""
    for scenario in find_scenarios(release.files):
        played = play(release, facts, scenario)
        if played.failure:
            why = {"zh": played.failure.say("zh"), "en": played.failure.say("en")}
            file = f"scenarios/{scenario.name}.json"
            params = {"name": scenario.name, "why": why}
            yield Finding("scenario_fails", "", file=file, params=params)


def submitted(store: Store, draft_id: str) -> Draft:
    """A draft that waits for a second person; Conflict (draft_not_submitted)."""
    draft = store.draft(draft_id)
    if draft.state != "submitted":
        raise Conflict("draft_not_submitted")
    return draft


def _refuse_outdated(store: Store, draft: Draft, wanted: str) -> Release | None:
    """What is published now: the draft began from it, and is something else.

    What came with the product rests on nothing that was published here.
    """
    now = current(store, draft.procedure)
    found = now.digest if now else ""
    if found == wanted:
        raise Conflict("nothing_changed")
    if found != draft.base and draft.person != INSTALLATION.person:
        raise Conflict("draft_outdated")
    return now
