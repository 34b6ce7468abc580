"""The fixed cast: the people of the demonstration county, as actors."""

from __future__ import annotations

import tomllib
from pathlib import Path

from engine.model import Actor, Grant, Organisation, Person

COUNTY = tomllib.loads((Path(__file__).parent.parent / "webui/demo/people.toml").read_text("utf-8"))
ORGANISATIONS = tuple(Organisation(id=key, **rest) for key, rest in COUNTY["organisations"].items())
PEOPLE = {
    login: Person(login, login, who["name"], tuple(Grant(*grant) for grant in who["grants"]))
    for login, who in COUNTY["people"].items()
}


def actor(login: str) -> Actor:
    """One of the cast, ready to act: ``actor("mediator")``."""
    person = PEOPLE[login]
    return Actor(person.id, person.name, person.grants)


CLERK, JUDGE, MEDIATOR, COMMITTEE = map(actor, ("clerk", "judge", "mediator", "committee"))
SUPERVISOR, AUDITOR, ADMIN = map(actor, ("supervisor", "auditor", "admin"))
DESIGNER, APPROVER = actor("designer"), actor("designer2")
