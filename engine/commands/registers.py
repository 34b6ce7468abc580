"""Keeping registers: an entry is recorded or ended, never removed; each change is a new version."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from uuid6 import uuid7

from engine.errors import Conflict, Invalid, NotAllowed, NotFound
from engine.forms import Field, submit
from engine.model import Actor, Problem, Record
from engine.ports import Store
from engine.registers import Register, holding

from .desk import Act, Desk

Raw = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Change:
    """What is to be recorded: what was typed, from when until when (both included), and why.

    ``entry``: "" for a new one; ``seen``: the number of versions the writer had before them.
    """

    raw: Raw
    since: date
    until: date | None = None
    reason: str = ""
    entry: str = ""
    seen: int = 0
    dossier: str = ""


class RegisterVerbs(Desk):
    def record(self, actor: Actor, register: Register, change: Change) -> Record | None:
        """A new entry, or a new version of one from a day on; the earlier versions stay visible.

        None when it says nothing new.
        Invalid (form_problems with problems by field, ends_before_start, say_why), NotAllowed
        (register_not_yours), Conflict (entry_changed: somebody recorded another version).
        """
        kept = self._again(lambda: self._record_all(actor, register, [change]))
        return kept[0] if kept else None

    def bring_records(
        self, actor: Actor, register: Register, changes: Iterable[Change]
    ) -> list[Record]:
        """Many at once, all or none, without those that say nothing new.

        Problems name their row: ``/3/name``.
        """
        listed = list(changes)
        return self._again(lambda: self._record_all(actor, register, listed))

    def end(self, actor: Actor, entry: str, register: Register, change: Change) -> Record:
        """The entry holds for the last time on ``change.until``, with a reason.

        Conflict (entry_begins_later) when a version begins after that day, (entry_not_valid) when
        none holds then, (entry_changed).
        """
        return self._again(lambda: self._end(actor, entry, register, change))

    def _end(self, actor: Actor, entry: str, register: Register, change: Change) -> Record:
        _keeper(actor, register)
        last = change.until
        if not change.reason.strip() or last is None:
            raise Invalid("say_why" if last else "date_shape")
        with self._open() as store:
            versions = self._versions(store, register, replace(change, entry=entry))
            later = [one.valid_from for one in versions if one.valid_from > last]
            if later:
                raise Conflict("entry_begins_later", day=min(later))
            valid = holding(versions, last)
            if valid is None:
                raise Conflict("entry_not_valid", day=last)
            ended = replace(
                valid,
                version=len(versions) + 1,
                valid_until=last,
                made_by=actor.person,
                made_at=self.clock(),
                reason=change.reason.strip(),
            )
            self._keep(store, Act("record_ended", actor), ended)
        return ended

    def _record_all(
        self, actor: Actor, register: Register, changes: Sequence[Change]
    ) -> list[Record]:
        _keeper(actor, register)
        made, problems = [], []
        many = len(changes) > 1
        with self._open() as store:
            for number, change in enumerate(changes):
                try:
                    made.append(self._made(store, actor, register, change))
                except Invalid as refused:
                    problems += _problems(refused, f"/{number}" if many else "")
            if problems:
                raise Invalid("form_problems", problems=problems, count=len(problems))
            kept = [record for record in made if record]
            for record in kept:
                self._keep(store, Act("record", actor), record)
        return kept

    def _made(
        self, store: Store, actor: Actor, register: Register, change: Change
    ) -> Record | None:
        """The version to be kept; None where nothing is different from the latest one."""
        if change.until and change.until < change.since:
            raise Invalid("ends_before_start")
        seen = {"parties": _parties(store, change.dossier)} if change.dossier else {}
        submitted = submit(register.form, change.raw, seen, self.clock(), "")
        values = self.refuse_strangers(store, register.form, submitted).values
        versions = self._versions(store, register, change) if change.entry else []
        made = Record(
            **described(register, values, _names(store, register, values)),
            entry=change.entry or str(uuid7()),
            version=len(versions) + 1,
            dossier=change.dossier,
            valid_from=change.since,
            valid_until=change.until,
            made_by=actor.person,
            made_at=self.clock(),
            reason=change.reason.strip(),
        )
        if versions and _says(made) == _says(versions[-1]):
            return None
        if versions and not made.reason:
            raise Invalid("say_why")
        return made

    @staticmethod
    def _versions(store: Store, register: Register, change: Change) -> list[Record]:
        """The versions of an entry of this register; Conflict when there are others than were seen."""
        versions = list(store.versions(change.entry))
        home = {(one.register, one.dossier) for one in versions}
        if home != {(register.id, change.dossier)}:
            raise NotFound("no_entry")
        if len(versions) != change.seen:
            latest = versions[-1]
            raise Conflict("entry_changed", at=latest.made_at)
        return versions

    def _keep(self, store: Store, act: Act, record: Record) -> None:
        store.add_records([record])
        stream = f"dossier:{record.dossier}" if record.dossier else f"register:{record.register}"
        data = {
            "register": record.register,
            "entry": record.entry,
            "version": record.version,
            "name": record.name,
            "values": record.values,
            "from": record.valid_from,
            "until": record.valid_until,
        }
        self._record(store, stream, replace(act, data=data, reason=record.reason))


def described(
    register: Register, values: Mapping[str, Any], names: Mapping[str, str]
) -> dict[str, Any]:
    """What of a version follows from its values: name, what it is about, what lists find it by.

    ``names``: of the people and organisations among the values, by id.
    """
    held = [(field, one) for field in register.fields for one in _listed(values.get(field.pointer))]
    listed = {field.pointer for field in register.filters}
    tags = [f"{field.pointer}={one}" for field, one in held if field.pointer in listed]
    words = [word for field, one in held for word in _words(field, one)]
    name = str(values.get(register.name) or "")
    return {
        "register": register.id,
        "name": names.get(name, name),
        "about": str(values.get(register.about) or "") if register.about else "",
        "values": dict(values),
        "tags": "".join(f"\n{tag}\n" for tag in tags),
        "words": "\n".join([*words, *names.values()]),
    }


def _words(field: Field, value: Any) -> list[str]:
    """What a value may be searched by: text as it is, choices in both languages."""
    if not isinstance(value, str):
        return []
    labels = [choice.label for choice in field.choices if choice.value == value]
    return [value, *(str(word) for label in labels for word in label.values())]


def _names(store: Store, register: Register, values: Mapping[str, Any]) -> dict[str, str]:
    """What the people and organisations among the values are called, by id."""
    found: dict[str, str] = {}
    for field in register.fields:
        value = values.get(field.pointer)
        if value and field.format == "person":
            found[value] = store.person(value).name
        if value and field.format == "organisation":
            found[value] = store.organisation(value).name
    return found


def _parties(store: Store, dossier: str) -> list[Mapping[str, Any]]:
    return [{"id": one.id, "name": one.name, "side": one.side} for one in store.parties(dossier)]


def _says(record: Record) -> tuple[object, ...]:
    return record.values, record.valid_from, record.valid_until


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _problems(refused: Invalid, at: str) -> list[Problem]:
    if not refused.problems:
        return [Problem(at, refused.code, refused.params)]
    return [replace(one, pointer=at + one.pointer) for one in refused.problems]


def _keeper(actor: Actor, register: Register) -> None:
    if not register.may_edit(actor):
        raise NotAllowed("register_not_yours")
