"""The organisations and people of people.toml, brought into an empty installation."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from engine.access import ADMIN
from engine.commands.registers import Change
from engine.model import Actor, Grant, Organisation, Person
from webui.passwords import hashed
from webui.product import Built
from webui.registers import office_registers, register

PASSWORD = "liandiao-demo"  # noqa: S105 - printed at start, for demonstrations only
OPENED = date(2025, 1, 1)
"""Since when its registers say what they say."""
COUNTY: Mapping[str, Any] = tomllib.loads(
    (Path(__file__).parent / "people.toml").read_text("utf-8")
)
ORGANISATIONS = tuple(Organisation(id=key, **rest) for key, rest in COUNTY["organisations"].items())
PEOPLE = tuple(
    Person(login, login, who["name"], tuple(Grant(*grant) for grant in who["grants"]))
    for login, who in COUNTY["people"].items()
)
ACTORS = tuple(Actor(person.id, person.name, person.grants) for person in PEOPLE)


def sign_ins(lang: str) -> Iterator[tuple[str, str]]:
    """Login, and name, roles and organisation in a language (``zh`` or ``en``), as printed at start."""
    names = {organisation.id: organisation.name for organisation in ORGANISATIONS}
    for person in PEOPLE:
        roles = dict.fromkeys(register("roles")[grant.role][lang] for grant in person.grants)
        said = ("、" if lang == "zh" else ", ").join(roles)
        yield person.login, f"{person.name} · {said} · {names[person.grants[0].org]}"


def is_empty(built: Built) -> bool:
    """Whether nobody works on this installation yet."""
    with built.open_store() as store:
        return next(iter(store.streams("person:")), None) is None


def populate(built: Built) -> None:
    """The county's organisations and people, each with the demonstration password."""
    built.engine.bring_people(ORGANISATIONS, PEOPLE, hashed(PASSWORD))
    keep_registers(built)


def keep_registers(built: Built) -> None:
    """What the county keeps in its registers, recorded by its administrator."""
    told = tomllib.loads((Path(__file__).parent / "registers.toml").read_text("utf-8"))
    keeper = next(actor for actor in ACTORS if ADMIN in actor.roles)
    for name, rows in told.items():
        changes = [Change(_raw(row), OPENED) for row in rows]
        built.engine.bring_records(keeper, office_registers()[name], changes)


def _raw(row: Mapping[str, Any]) -> Mapping[str, Sequence[str]]:
    return {f"/{key}": value if isinstance(value, list) else [value] for key, value in row.items()}
