"""The receipt of a ruling on the page: signed on screen, or uploaded; kept with the text that was signed."""

from __future__ import annotations

import io
import json
import re

import pytest

from engine.model import Release
from engine.package import digest
from engine.spiff import read_state
from engine.story import Stage, tell
from tests.cast import PEOPLE, actor
from tests.webui.test_party import INK, PNG
from webui.wiring import bundled

FILES = bundled()["delivery"]
STORY = json.loads(FILES["scenarios/on_the_spot.json"])
RECEIPT = {
    "/service/receipt/identity": "IN_PERSON",
    "/service/receipt/told": ["EFFECT", "OBJECTION", "ENFORCEMENT"],
    "/service/receipt/signer": "PARTY",
    "/service/receipt/signed_on": "2026-03-02",
}
DRAWN = {"~strokes/service/receipt/mark": INK}


@pytest.fixture
def delivery(built):
    """A ruling printed, to be handed over to two parties who are there."""
    with built.open_store() as store:
        store.add_release(Release("delivery", digest(FILES), FILES), "a", "b", built.clock())
    stage = Stage(built.engine, built.open_store, built.clock, [actor(name) for name in PEOPLE])
    return tell(stage, "delivery", STORY, 3)


@pytest.fixture
def mediator(browser, built, delivery):
    """At the task of handing over to the first party, which is theirs."""
    with built.open_store() as store:
        tasks = read_state(store.case(delivery).state).tasks
        handing = next(one for one in tasks if one.place.element == "hand_over")
    opened = browser("mediator")
    opened.get(f"/tasks/{handing.id}")
    return opened.post(f"/tasks/{handing.id}/claim")


def send(page, outcome="received", **typed):
    hidden = re.search(r'name="~signed" value="([^"]+)"', page.page)
    path = page.response.request.path
    return page.post(path, outcome=outcome, **{"~signed": hidden.group(1), **typed})


def receipt(built, delivery):
    with built.open_store() as store:
        *_, (_, payload) = store.entries(f"case:{delivery}")
    return payload.data["values"]


@pytest.mark.clause("S1-87")
def test_the_party_signs_the_receipt_on_the_screen(mediator, built, delivery):
    assert "裁定送达后生效" in mediator.text
    send(mediator, **RECEIPT, **DRAWN)
    mark = receipt(built, delivery)["/service/receipt/mark"]
    assert (mark["how"], mark["type"]) == ("PAD", "image/svg+xml")
    assert "自收到之日起十五日内" in built.blobs.get(mark["signed"]).decode()


@pytest.mark.clause("S1-87")
def test_a_receipt_on_paper_is_uploaded_instead(mediator, built, delivery):
    send(mediator, **RECEIPT, **{"/service/receipt/mark": (io.BytesIO(PNG), "回证.png")})
    mark = receipt(built, delivery)["/service/receipt/mark"]
    assert (mark["how"], mark["name"]) == ("PAPER", "回证.png")


@pytest.mark.clause("S1-88")
def test_who_is_not_the_recipient_gets_nothing_and_it_is_written_down(mediator, built, delivery):
    assert send(mediator, outcome="not_identified").status == 422
    send(mediator, outcome="not_identified", **{"/service/receipt/mismatch": "证件与来人不符"})
    told = receipt(built, delivery)
    assert told["/service/receipt/mismatch"] == "证件与来人不符"
    assert "/service/receipt/signed_on" not in told


def test_the_task_leads_to_notices_and_printing(mediator):
    mediator.get(mediator.link(r"/dossiers/[^\"]+tab=delivery"))
    assert ["电子送达通知" in mediator.page, "printing" in mediator.page] == [True, True]
