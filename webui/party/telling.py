"""A party tells a case what it waits for: consent taken back, something not performed, an objection."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for

from engine.errors import Conflict, Failed, Invalid, NotFound
from webui.errors import STATUS, family, refusal
from webui.frame import say
from webui.procedures import drawn
from webui.product import fresh, product

from .door import address, visiting, visitor
from .views import views

LONGEST = 2000


@views.get("/party/tell/<case_id>/<message>")
@visiting
def telling(case_id: str, message: str) -> str:
    """What saying it means, and the words."""
    return _page(case_id, message)


@views.post("/party/tell/<case_id>/<message>")
@visiting
def tell(case_id: str, message: str) -> Any:
    """Tell the case; whoever handles it answers, as its procedure says."""
    form = request.form
    said = (form.get("reason", "")[:LONGEST], form.get("sues") == "yes")
    fresh()
    try:
        product().engine.tell_case(visitor(), (case_id, message), said, address())
    except (Invalid, Failed) as refused:
        return _page(case_id, message, refusal(refused)), STATUS[family(refused)]
    except Conflict as conflict:
        flash(refusal(conflict), "info")
        return redirect(url_for("party.home"))
    say("party.told_office")
    return redirect(url_for("party.home"))


def _page(case_id: str, message: str, problem: str = "") -> str:
    store = product().looking()
    may = product().engine.may_tell(store, visitor())
    case = next((one for one, name in may if (one.id, name) == (case_id, message)), None)
    if case is None:
        raise NotFound("no_case", name=case_id)
    return render_template(
        "party/tell.html",
        case=case,
        word=message,
        name=drawn(case.release).name,
        problem=problem,
        typed=request.form.get("reason", ""),
    )
