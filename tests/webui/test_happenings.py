"""What is no task: events told to a case, oversight that mends, files, how little a page asks."""

from __future__ import annotations

from base64 import b64decode
from io import BytesIO

import pytest
import sqlalchemy as sa

from engine.spiff import read_state
from tests.builders import BEGIN, process, release, user
from tests.builders import start as begin_at
from tests.cast import CLERK, SUPERVISOR

from .conftest import form

PNG = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
FILED = process(
    "start -> hand_in -> end",
    begin_at("start", ld_role="TRIB_CLERK"),
    user("hand_in", ld_role="TRIB_CLERK", name="交证据"),
    id="filed",
)


@pytest.fixture(autouse=True)
def published(built):
    """A procedure whose only task takes a file."""
    forms = {
        "forms/start.json": form(title={}),
        "forms/hand_in.json": form("accept", proof={"type": "object", "format": "file"}),
        "shared/rules.toml": b"",
    }
    with built.open_store() as store:
        store.add_release(release(FILED, forms), "designer", "designer2", BEGIN)


def status(built, case):
    with built.open_store() as store:
        return store.case(case.id).status


def test_a_supervisor_ends_a_case_with_a_reason(browser, built, case):
    path = f"/cases/{case.id}/repair"
    supervisor = browser("supervisor").get(path)
    asked = {"verb": "cancel", "confirm": "1", "seq": case.seq}
    assert supervisor.post(path, **asked, reason="").status == 422
    assert "已终止" in supervisor.post(path, **asked, reason="重复立案").text
    assert status(built, case) == "cancelled"


def test_others_cannot_mend(browser, case):
    clerk = browser("clerk").get(f"/cases/{case.id}")
    assert "终止办件" not in clerk.page
    assert clerk.post(f"/cases/{case.id}/mend", verb="pause", reason="x").status == 403
    assert clerk.post(f"/cases/{case.id}/repair", verb="cancel", reason="x").status == 403


def test_completing_after_the_case_was_ended_says_so(browser, built, case, task):
    clerk = browser("clerk")
    clerk.post(f"/tasks/{task}/claim")
    built.engine.cancel(SUPERVISOR, case.id, "重复立案")
    late = clerk.post(f"/tasks/{task}", outcome="accept", **{"/dispute/facts": "写好了"})
    assert late.status == 409
    assert "写好了" in late.text


def test_an_event_nobody_waits_for_is_refused(browser, case):
    clerk = browser("clerk").get(f"/cases/{case.id}")
    assert clerk.post(f"/cases/{case.id}/tell", message="flood", reason="x").status in (
        404,
        409,
        422,
    )
    assert clerk.post(f"/cases/{case.id}/tell", message="flood", reason="").status == 422


def test_the_inbox_asks_the_database_little(browser, built, task):
    clerk = browser("clerk")
    asked = []
    sa.event.listen(
        built.database.engine, "before_cursor_execute", lambda *args: asked.append(args[2])
    )
    clerk.get("/inbox?tab=available")
    read = [statement for statement in asked if statement.startswith("SELECT")]
    assert len(read) <= 7, read
    assert len(asked) - len(read) <= 1, asked


def test_a_page_with_a_long_list_stays_one_page(browser, built):
    for number in range(60):
        built.engine.begin(CLERK, "small", {"/dispute/title": f"第{number}件"})
    clerk = browser("clerk").get("/inbox?tab=available")
    assert clerk.page.count("data-claim") == 50
    assert clerk.get("/inbox?tab=available&page=2").page.count("data-claim") == 10


def test_a_file_belongs_to_its_dossier_and_is_read_by_whoever_sees_it(browser, built):
    case = built.engine.begin(CLERK, "filed", {"/dispute/title": "附件"})
    task = read_state(case.state).tasks[0].id
    clerk = browser("clerk")
    clerk.post(f"/tasks/{task}/claim")
    clerk.post(f"/tasks/{task}", outcome="accept", **{"/dispute/proof": (BytesIO(PNG), "证据.png")})
    assert "证据.png" in clerk.get(f"/dossiers/{case.dossier}?tab=documents").page
    about = clerk.link(r"/dossiers/[^\"]+/files/[0-9a-f]{64}/about")
    path = about.removesuffix("/about")
    assert clerk.client.get(path).data == PNG
    assert browser("doctor").client.get(path).status_code == 404


def test_a_file_that_lies_about_its_type_is_refused_beside_its_field(browser, built):
    case = built.engine.begin(CLERK, "filed", {"/dispute/title": "附件"})
    task = read_state(case.state).tasks[0].id
    clerk = browser("clerk")
    clerk.post(f"/tasks/{task}/claim")
    lie = (BytesIO(b"MZ" + b"\0" * 200), "证据.png")
    assert clerk.post(f"/tasks/{task}", outcome="accept", **{"/dispute/proof": lie}).status == 422
