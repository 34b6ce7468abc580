"""The designer's pages in both languages, wide and narrow: nothing to complain about."""

from __future__ import annotations

import pytest

from tests.journeys.test_pages import walk


@pytest.mark.parametrize(("lang", "width"), [("zh", 1366), ("en", 390)])
def test_the_pages_of_a_draft_are_sound(visitor, lang, width):
    designer = visitor("designer", lang, width=width, height=844).open("/designer/")
    with designer.page.expect_navigation():
        designer.page.locator("form[action$='/video_session/drafts'] button").click()
    draft = designer.page.url.removeprefix(designer.site)
    pages = [
        draft,
        f"{draft}/review",
        f"{draft}/whatif",
        f"{draft}/move",
        "/designer/",
        "/designer/video_session/history",
        "/designer/video_session/move",
    ]
    assert walk(designer, [*pages, "/designer/video_session/outline"]) == {}
