"""What a task page shows: the form as it stands, the clocks with their explanation, what follows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.errors import NotAllowed
from engine.forms import Form, filled, lay_in
from engine.model import Actor, Case, Claimed, Grant
from storage import queries
from webui.auth import actor
from webui.errors import refusal
from webui.forms import Picker, View
from webui.procedures import Drawn, drawn
from webui.product import fresh, product, reading
from webui.registers import cited


@dataclass(frozen=True, slots=True)
class Open:
    """An open task with all its page needs."""

    row: queries.TaskRow
    claimed: Claimed
    case: Case
    form: Form
    drawn: Drawn
    may: bool  # whether this person is a candidate whom nothing bars
    why_not: str  # what bars a candidate, in words
    stands_in_for: str  # the absent person in whose place this person may do it
    mine: bool  # whether this person holds it
    context: Mapping[str, Any]
    parties: Sequence[Mapping[str, Any]]  # for whom staff complete it; none: it is staff's own
    moment: datetime

    @property
    def element(self) -> str:
        return self.claimed.task.place.element

    def view(self, readonly: bool) -> View:
        """How the form is drawn: over this case's data, with the registers it may point to."""
        picks = any(field.widget == "picker" for field in self.form.sequence)
        offered = pickers() if picks else {}
        return View(
            self.context,
            self.moment,
            readonly,
            offered,
            cited,
            lambda f: file_href(self, f),
            actor().roles,
        )


def opened(row: queries.TaskRow, who: Actor) -> Open | None:
    """The open task behind a row; None when it closed in between."""
    store, engine = product().looking(), product().engine
    claimed = store.open_task(row.id)
    if claimed is None:
        return None
    case = store.case(claimed.case)
    release = engine.release_of(store, case.release)
    seen = engine.seen_by(store, case, claimed)
    grant, why_not = _grant(who, claimed)
    return Open(
        row=row,
        claimed=claimed,
        case=case,
        form=engine.form(release, claimed.task.place.element),
        drawn=drawn(case.release),
        may=grant is not None,
        why_not=why_not,
        stands_in_for=grant.on_behalf if grant else "",
        mine=claimed.holder == who.person,
        context=seen,
        parties=engine.represented(store, case, claimed, seen),
        moment=product().clock(),
    )


def _grant(who: Actor, claimed: Claimed) -> tuple[Grant | None, str]:
    """Under what this person may do it, and what to say to a candidate who may not."""
    try:
        return product().engine.permitted(product().looking(), who, claimed), ""
    except NotAllowed as refused:
        return None, "" if refused.code == "not_candidate" else refusal(refused)


def starting_raw(task: Open, person: str) -> tuple[dict[str, list[str]], str, dict[str, str]]:
    """What the fields hold: this person's draft with its time and party, else the case's values."""
    draft = product().looking().drafts(task.row.id, person)
    if draft and "raw" in draft:
        raw, behalf = dict(draft["raw"]), dict(draft.get("behalf", {}))
        return _with_rows(task, raw), str(draft.get("at", "")), behalf
    return _with_rows(task, filled(task.form, task.context, task.moment)), "", {}


def _with_rows(task: Open, raw: dict[str, list[str]]) -> dict[str, list[str]]:
    """With what parties gave on their own page in its place."""
    for row in product().engine.rows_given(product().looking(), task.case, task.claimed):
        raw = lay_in(task.form, raw, row)
    return raw


def pickers() -> dict[str, Picker]:
    """What person and organisation fields offer."""
    db, now = reading(), product().clock()
    orgs = [(row.id, row.name) for row in queries.organisation_rows(db, active_only=True)]
    people = [(row.id, row.name) for row in queries.people_rows(db, now) if row.active]
    return {"organisation": Picker(orgs), "person": Picker(people)}


def file_href(task: Open, told: Mapping[str, Any]) -> str:
    """Where a kept file of this dossier is read."""
    return f"/dossiers/{task.row.dossier}/files/{told.get('digest', '')}"


# Files -----------------------------------------------------------------------------------------


def attach(dossier_id: str, files: Sequence[Mapping[str, Any]]) -> None:
    """Files of a form belong to its dossier: who may see the dossier may read them."""
    if not files:
        return
    fresh()
    product().engine.attach(actor(), dossier_id, files)
