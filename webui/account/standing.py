"""Who stands in for whom: named by the absent person, or by a supervisor."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for

from engine.access import may_mend
from engine.errors import EngineError, Invalid
from storage import queries
from webui.admin.people import day, end_of, midnight
from webui.auth import actor, signed
from webui.errors import refusal
from webui.frame import say
from webui.product import fresh, product, reading

from .views import views


@views.get("/substitutes")
@signed
def substitutes() -> str:
    """One's own substitutions and those one serves; a supervisor sees everybody's."""
    return _page()


def _page(problem: str = "") -> str:
    db, now, decides = reading(), product().clock(), may_mend(actor())
    rows = queries.substitution_rows(db, "" if decides else actor().person, now)
    people = [(one.id, one.name) for one in queries.people_rows(db, now) if one.active]
    return render_template(
        "account/substitutes.html", rows=rows, people=people, decides=decides, problem=problem
    )


@views.post("/substitutes")
@signed
def name_substitute() -> Any:
    """Somebody acts in one's place from a day to the end of another."""
    form = request.form
    who = (form.get("person", "") or actor().person, form.get("substitute", ""))

    def name() -> None:
        first, last = day("from"), day("until")
        if first is None or last is None:
            raise Invalid("date_shape")
        period = (midnight(first), end_of(last))
        product().engine.name_substitute(actor(), who, period, form.get("reason", ""))

    return _done(name)


@views.post("/substitutes/<substitution_id>/end")
@signed
def end_substitution(substitution_id: str) -> Any:
    """The absent person is back before the time."""
    reason = request.form.get("reason", "")
    return _done(lambda: product().engine.end_substitution(actor(), substitution_id, reason))


def _done(verb: Any) -> Any:
    fresh()
    try:
        verb()
    except EngineError as refused:
        return _page(refusal(refused)), 422
    say("admin.saved")
    return redirect(url_for("account.substitutes"))
