"""Other dossiers that belong to this one: found, linked by hand, and what they hint at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from engine.forms import Form
from engine.registers import LINKS, Register
from storage import queries
from webui.auth import actor, viewer
from webui.display import local
from webui.entries import choices
from webui.product import product, reading
from webui.registers import dossier_registers

CLAIMANT = "A"
ASKED = "related_cases"
"""A form that asks for this shows what was found."""
WITHIN = "related_facts_days"


@dataclass(frozen=True, slots=True)
class Related:
    """Another dossier with every reason why it belongs here."""

    row: queries.DossierRow
    ties: Sequence[queries.Tie]


@dataclass(frozen=True, slots=True)
class Hint:
    """Something that bears on an indicator of false litigation (DT-11); never an answer to it."""

    indicator: str
    party: str
    count: int


def related_shown(dossier: str) -> dict[str, Any]:
    """What the tab shows: dossiers this reader may see, how many more there are, hints."""
    return related_found(dossier) | {"may_link": links_register().may_edit(actor())}


def related_asked(form: Form, dossier: str) -> dict[str, Any] | None:
    """What was found, beside a form that asks for related cases (5.2 step 3); else None."""
    asks = any(pointer.endswith(f"/{ASKED}") for pointer in form.fields)
    return related_found(dossier) if asks else None


def related_found(dossier: str) -> dict[str, Any]:
    """Dossiers this reader may see with every reason, how many more there are, hints."""
    today = local(product().clock()).date()
    days = int(product().looking().current_facts().settings[WITHIN])
    found = queries.ties(reading(), dossier, today, timedelta(days=days))
    rows = queries.visible(reading(), viewer(), found)
    return {
        "related": [
            Related(row, [tie for tie in found if tie.dossier == row.id]) for row in rows.values()
        ],
        "hidden": len({tie.dossier for tie in found} - rows.keys()),
        "hints": _hints(found),
        "link_kinds": choices(links_register().form.fields["/kind"]),
    }


def _hints(found: Sequence[queries.Tie]) -> list[Hint]:
    """I10: claims in several dossiers. I11: was or is detained; both count what is not shown too."""
    kinds = queries.kinds_of(reading(), list(found))
    people = [tie for tie in found if tie.kind in ("SAME_ID", "SAME_NAME")]
    hints = []
    for party in dict.fromkeys(tie.party for tie in people):
        theirs = [tie for tie in people if tie.party == party]
        claims = {tie.dossier for tie in theirs if {tie.side, tie.other_side} == {CLAIMANT}}
        detained = {tie.dossier for tie in theirs if kinds.get(tie.dossier) == "detention"}
        counted = (("I10", claims - detained), ("I11", detained))
        hints += [Hint(indicator, party, len(ids)) for indicator, ids in counted if ids]
    return hints


def links_register() -> Register:
    """The register in which links by hand are recorded."""
    return dossier_registers()[LINKS]
