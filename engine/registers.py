"""Registers described once: what an entry says, who keeps it, who reads it, which clause demands it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, Protocol, TypeVar

from .access import OVERSIGHT
from .errors import Invalid
from .forms import Field, Form, read_form
from .forms.form import Group
from .model import Actor, Bilingual, Record

Home = Literal["office", "dossier"]
EVERYBODY = "*"
FACTS = "registers"
"""Under which name forms of tasks read the registers."""
LINKS = "links"
"""The register of a dossier that says which other dossier belongs to it."""


@dataclass(frozen=True, slots=True)
class Register:
    """One file of ``bpmn/shared/registers``. ``home``: a register of the office or of each dossier.

    ``name``: the field an entry is called by; ``about``: the field whose value (a person, a party,
    another dossier) entries are looked up by; ``columns``: the fields of its list; ``read`` and
    ``edit``: role codes, "*" for everybody; ``ending``: what ending
    an entry is called, where it has a name of its own.
    """

    id: str
    title: Bilingual
    purpose: Bilingual
    home: Home
    name: str
    about: str
    columns: tuple[str, ...]
    read: frozenset[str]
    edit: frozenset[str]
    clauses: tuple[str, ...]
    form: Form
    ending: Bilingual | None = None

    @property
    def fields(self) -> tuple[Field, ...]:
        """Its fields in the order of the form."""
        pointers = [
            pointer
            for item in self.form.items
            for pointer in (item.pointers if isinstance(item, Group) else (item,))
            if isinstance(pointer, str)
        ]
        return tuple(self.form.fields[pointer] for pointer in pointers)

    @property
    def filters(self) -> tuple[Field, ...]:
        """The listed fields that hold one of a few values."""
        return tuple(f for f in self.fields if f.pointer in self.columns and f.choices)

    def may_read(self, actor: Actor) -> bool:
        """Whether this person may open it: whoever keeps it may, and oversight."""
        return EVERYBODY in self.read or bool(actor.roles & (self.read | self.edit | OVERSIGHT))

    def may_edit(self, actor: Actor) -> bool:
        """Whether this person may record and end entries."""
        return bool(actor.roles & self.edit)


def read_register(name: str, content: bytes, types: bytes) -> Register:
    """The register of a file; Invalid (form_unfit, register_unfit) where it does not fit."""
    told = json.loads(content)
    drawn = {"schema": told["schema"], "ui": told["ui"]}
    form = read_form(json.dumps(drawn, ensure_ascii=False).encode(), types)
    named = [told["name"], *told["columns"], *([told["about"]] if "about" in told else [])]
    strange = sorted({pointer for pointer in named if pointer not in form.fields})
    if strange:
        raise Invalid("register_unfit", register=name, pointers="、".join(strange))
    return Register(
        id=name,
        title=told["title"],
        purpose=told["purpose"],
        home=told.get("home", "office"),
        name=told["name"],
        about=told.get("about", ""),
        columns=tuple(told["columns"]),
        read=frozenset(told["read"]),
        edit=frozenset(told["edit"]),
        clauses=tuple(told["clauses"]),
        form=form,
        ending=told.get("ending"),
    )


def read_registers(shared: Path) -> Mapping[str, Register]:
    """Every register of a ``shared`` folder by its id, in the order of the ids."""
    types = (shared / "types.json").read_bytes()
    files = sorted((shared / "registers").glob("*.json"))
    return {file.stem: read_register(file.stem, file.read_bytes(), types) for file in files}


class Version(Protocol):
    """What of a version says when it holds."""

    @property
    def version(self) -> int: ...
    @property
    def valid_from(self) -> date: ...
    @property
    def valid_until(self) -> date | None: ...


V = TypeVar("V", bound=Version)


def holding(versions: Sequence[V], on: date) -> V | None:
    """Of the versions of one entry the one that holds on a day: the one that began last, unless ended."""
    begun = [one for one in versions if one.valid_from <= on]
    latest = max(begun, key=lambda one: (one.valid_from, one.version), default=None)
    if latest is None or (latest.valid_until is not None and latest.valid_until < on):
        return None
    return latest


def as_fact(record: Record) -> Mapping[str, Any]:
    """A version as FEEL reads it: its fields by name, with ``id``, ``valid_from``, ``valid_until``."""
    fields = {pointer.rsplit("/", 1)[1]: value for pointer, value in record.values.items()}
    return {
        **fields,
        "id": record.entry,
        "valid_from": record.valid_from,
        "valid_until": record.valid_until,
    }


@lru_cache(maxsize=512)
def read_by(form: Form) -> frozenset[str]:
    """The registers that the expressions of a form read: ``registers.<id>``."""
    parts = [
        part
        for one in form.sequence
        for part in (one.check, one.require, one.options, one.compute, one.initial, *one.shows)
    ]
    parts += [outcome.requires for outcome in form.outcomes]
    paths = (path.split(".") for part in parts if part for path in part.names)
    return frozenset(path[1] for path in paths if path[0] == FACTS and len(path) > 1)
