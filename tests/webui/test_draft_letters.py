"""Letters of a draft are opened from its page, set with what a scenario says."""

from __future__ import annotations

import pytest

from webui.wiring import bundled


@pytest.fixture
def jin(browser, built):
    built.engine.install({"video_session": bundled()["video_session"]})
    one = browser("designer")
    one.get("/designer/")
    one.post("/designer/video_session/drafts")
    return one


def test_a_letter_is_previewed_from_the_draft(jin):
    address = jin.link(r"/designer/drafts/[^\"]*/letters/video_record[.]pdf")
    made = jin.client.get(address)
    assert (made.status_code, made.mimetype) == (200, "application/pdf")
    assert made.data.startswith(b"%PDF")
    assert jin.get(address.replace("video_record", "nothing")).status == 404


def test_without_a_scenario_that_makes_it_the_page_says_so(jin):
    address = jin.link(r"/designer/drafts/[^\"]*/letters/video_record[.]pdf")
    draft = address.split("/")[3]
    engine = jin.client.application.extensions["liandiao"].engine
    with engine._open() as store:
        there = store.draft_files(draft)
    for name in [one for one in there if one.startswith("scenarios/")]:
        headers = {"X-CSRF-Token": jin.token, "If-Match": f'"{there[name].digest}"'}
        jin.client.delete(f"/designer/drafts/{draft}/files/{name}", headers=headers)
    refused = jin.get(address)
    assert refused.status == 422
    assert "没有情景产生文书" in refused.text
