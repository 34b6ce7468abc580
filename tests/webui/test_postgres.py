"""The same pages over PostgreSQL: every list query says the same there."""

from __future__ import annotations

import pytest

from engine.spiff import read_state
from engine.story import VirtualClock
from storage import queries
from storage.queries import KINDS, Sought
from storage.queries.viewer import Viewer
from tests.builders import BEGIN, release
from tests.cast import CLERK, ORGANISATIONS, PEOPLE
from tests.postgres import new_database, server
from webui import create_app
from webui.config import read_config
from webui.walking import walking
from webui.wiring import build

from .conftest import FILES, HASH, XML, Browser

STAFF = (
    "/inbox",
    "/inbox?tab=available&sort=new&words=纠",
    "/inbox?tab=waiting",
    "/inbox?tab=done",
)
STAFF += ("/dossiers", "/dossiers?q=漏水", "/start", "/hand-overs")
ADMIN = ("/incidents", "/admin/people?q=陈", "/admin/people/clerk", "/admin/organisations")
ADMIN += ("/admin/duty", "/admin/calendar", "/admin/settings", "/admin/health", "/account/")
ADMIN += tuple(f"/journal?who=陈&about=赵&rule=accept_referral&kind={kind}" for kind in KINDS)
ADMIN += ("/journal?verb=complete&until=2026-12-31", "/journal/table.csv?who=陈")
ADMIN += tuple(f"/journal/log.{form}?procedure=small" for form in ("xes", "ocel", "csv"))
FIGURES = (
    "/journal?kind=late&rule=accept_referral&who=x&role=JUDGE&element=screen",
    "/journal/proof",
    "/journal/figures?procedure=small&mediator=m_1&type=LOAN&since=2026-01-01&until=2026-12-31",
    "/journal/figures/cases?procedure=small&fact=done%09%09screen",
    "/journal/figures/steps.csv?procedure=small&release=all",
)
TABS = ("progress", "cases", "documents", "parties", "clocks", "readers")


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    """The product over a database of a PostgreSQL server, with one case in it."""
    with server() as address:
        folder = tmp_path_factory.mktemp("postgres")
        given = {"LIANDIAO_DATA": str(folder), "LIANDIAO_DATABASE_URL": new_database(address)}
        built = build(read_config(given), VirtualClock(BEGIN))
        built.engine.bring_people(ORGANISATIONS, PEOPLE.values(), HASH)
        with built.open_store() as store:
            store.add_release(release(XML, FILES), "designer", "designer2", BEGIN)
        yield create_app(built=built)
        built.database.close()


def test_a_task_is_claimed_and_done_and_every_page_opens(app):
    engine = app.extensions["liandiao"].engine
    case = engine.begin(CLERK, "small", {"/dispute/title": "邻里漏水"})
    task = read_state(case.state).tasks[0].id
    clerk, admin = Browser(app).sign_in("clerk"), Browser(app).sign_in("admin")
    clerk.post(f"/tasks/{task}/claim")
    assert "接下来 决定" in clerk.post(f"/tasks/{task}", outcome="accept").text
    dossier = [f"/dossiers/{case.dossier}?tab={tab}" for tab in TABS]
    assert {clerk.get(path).status for path in (*STAFF, *dossier, f"/cases/{case.id}")} == {200}
    walking(app.extensions["liandiao"])()
    assert {admin.get(path).status for path in (*ADMIN, *FIGURES)} == {200}
    assert "计入 1 个办件" in admin.get("/journal/figures").text
    assert Browser(app).sign_in("doctor").get(f"/cases/{case.id}").status == 404


def test_who_sees_little_finds_it(app):
    built = app.extensions["liandiao"]
    case = built.engine.begin(CLERK, "small", {"/dispute/title": "通道堆物"})
    with built.read() as db:
        rows, _ = queries.found_entries(db, Viewer(CLERK), Sought(verb="start"))
        assert case.id in [row.case_id for row in rows]
        assert queries.found_entries(db, Viewer(CLERK), Sought(kind="late")) == ([], False)
