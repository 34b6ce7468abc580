"""A party rates or complains."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for

from engine.errors import Conflict, Failed, Invalid, NotFound
from engine.forms import Form, filled
from engine.model import Data
from webui.errors import left_on_page, refusal
from webui.forms import View, from_request, render
from webui.frame import say
from webui.intake import intake
from webui.product import fresh, product
from webui.registers import cited
from webui.words import t

from .door import address, visiting, visitor
from .views import views

KINDS = {"rate": "RATING", "complain": "COMPLAINT"}


@views.get("/party/<any(rate, complain):kind>/<case_id>")
@visiting
def opinion(kind: str, case_id: str) -> str:
    """The start form of the complaint procedure, in the party's words."""
    form, seen = _form(kind, case_id)
    return _page(kind, (form, seen), filled(form, seen, product().clock()))


@views.post("/party/<any(rate, complain):kind>/<case_id>")
@visiting
def give(kind: str, case_id: str) -> Any:
    """Send it: it opens a matter of its own at the office."""
    form, seen = _form(kind, case_id)
    received = from_request(form, request.form, request.files, intake())
    if received.edited or received.problems:
        return _page(kind, (form, seen), received.raw, received.problems)
    fresh()
    try:
        product().engine.give_opinion(visitor(), (KINDS[kind], case_id), received.raw, address())
    except (Invalid, Failed) as refused:
        problems, status = left_on_page(refused)
        return _page(kind, (form, seen), received.raw, problems), status
    except Conflict as conflict:
        flash(refusal(conflict), "info")
        return redirect(url_for("party.home"))
    say(f"party.{kind}_sent")
    return redirect(url_for("party.home"))


@views.post("/party/<any(rate, complain):kind>/<case_id>/form")
@visiting
def redraw_opinion(kind: str, case_id: str) -> str:
    """The form's body with what was typed."""
    form, seen = _form(kind, case_id)
    received = from_request(form, request.form, request.files, intake())
    return str(render(form, received.raw, received.problems, _view(seen)))


def _form(kind: str, case_id: str) -> tuple[Form, Data]:
    store, engine, me = product().looking(), product().engine, visitor()
    about = next((one for one in engine.mediations(store, me) if one.case.id == case_id), None)
    if about is None:
        raise NotFound("no_case", name=case_id)
    found: tuple[Form, Data] = engine.opinion_form(store, me, KINDS[kind], about)
    return found


def _view(seen: Data) -> View:
    return View(seen, product().clock(), basis=cited)


def _page(kind: str, of: tuple[Form, Data], raw: Any, problems: Any = ()) -> str:
    form, seen = of
    return render_template(
        "party/form.html",
        title=t(f"party.{kind}"),
        text=t(f"party.{kind}_why", name=seen["visitor"]["person_name"]),
        body=render(form, raw, problems, _view(seen)),
        problems=problems,
        button=t(f"party.{kind}_send"),
    )
