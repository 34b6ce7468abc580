"""Parties of the demonstration with a link of their own, and one link to try."""

from __future__ import annotations

import json
from typing import Any

from engine.access import may_invite
from engine.commands.visiting import Asked, Invitee
from engine.errors import NotAllowed
from storage import queries
from webui.product import Built
from webui.wiring import bundled

from .county import ACTORS
from .filling import tell_until
from .programme import Tale

THEIRS = ("sign_agreement", "verify_identity", "ask_consent", "offer_confirmation")
"""Steps at which a party finds something to do on their own page."""
INVITED = 5
"""In so many dossiers the demonstration has parties who were asked in."""


def invite_some(built: Built) -> int:
    """Ask the first party of some mediations in, one that is about to be signed among them, and let
    every other one look; how many were asked."""
    tell_until(built, Tale("mediation", _script("neighbours_settle")), "sign_agreement")
    asked = list(filter(None, (_invite(built, one) for one in _waiting(built, INVITED))))
    for one in asked[::2]:
        built.engine.enter(one.secret, one.code, "")
    return len(asked)


def _script(name: str) -> Any:
    return json.loads(bundled()["mediation"][f"scenarios/{name}.json"])


def one_to_try(built: Built) -> Asked | None:
    """A fresh link with its code for a party who has something to do; None where nobody has."""
    found = (_invite(built, dossier) for dossier in _waiting(built, INVITED))
    return next(filter(None, found), None)


def _waiting(built: Built, limit: int) -> list[str]:
    """Those about to sign first."""
    with built.read() as db:
        found = [one for step in THEIRS for one in queries.waiting_at(db, "mediation", step, limit)]
    return list(dict.fromkeys(found))[:limit]


def _invite(built: Built, dossier: str) -> Asked | None:
    with built.open_store() as store:
        parties, org = store.parties(dossier), store.dossier(dossier).org
    who = next((actor for actor in ACTORS if may_invite(actor, [org])), None)
    if who is None or not parties:
        return None
    try:
        return built.engine.invite(who, dossier, Invitee(parties[0].id))
    except NotAllowed:
        return None
