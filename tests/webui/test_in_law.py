"""What steps and ends bring about in law is told where people decide, and where a case has come to."""

from __future__ import annotations

import pytest

from engine.spiff import read_state
from tests.builders import BEGIN, element, extend, process, release, user, xor
from tests.builders import start as begin_at
from tests.cast import CLERK
from tests.webui.conftest import form

ENDS = {
    "signed": '<ld:effect zh="协议有约束力" en="The agreement binds" ref="S3-31"/>',
    "dropped": '<ld:effect zh="可以起诉" en="They may sue" ref="S3-32 S1-206"/>',
}
ASKED = extend('<ld:effect outcome="accept" zh="期限开始" en="The period begins" ref="S1-205"/>')
XML = process(
    """start -> ask -> agreed -> signed if ask.outcome = "accept"
    agreed -> dropped if ask.outcome = "refuse" """,
    begin_at("start", ld_role="TRIB_CLERK"),
    user("ask", ASKED, ld_role="TRIB_CLERK", name="征询"),
    xor("agreed"),
    element("endEvent", "signed", extend(ENDS["signed"]), name="已签"),
    element("endEvent", "dropped", extend(ENDS["dropped"]), name="已放弃"),
    id="promising",
)
FILES = {"forms/start.json": form(), "forms/ask.json": form("accept", "refuse")}


@pytest.fixture
def case(built):
    """Somebody is asked, and the clerk holds the task."""
    with built.open_store() as store:
        store.add_release(release(XML, FILES), "designer", "designer2", BEGIN)
    found = built.engine.begin(CLERK, "promising", {})
    built.engine.claim(CLERK, read_state(found.state).tasks[0].id)
    return found


def test_the_task_says_what_each_way_brings_about(case, browser):
    task = read_state(case.state).tasks[0].id
    page = browser("clerk").get(f"/tasks/{task}").page
    for by, words in (("同意", "期限开始"), ("已签", "协议有约束力"), ("已放弃", "可以起诉")):
        assert f"<b>{by}</b>：{words}" in page
    assert "《人民调解法》第32条" in page


@pytest.mark.parametrize(
    ("outcome", "told", "untold"),
    [
        ("accept", ("期限开始", "协议有约束力"), "可以起诉"),
        ("refuse", ("可以起诉",), "期限开始"),
    ],
)
def test_the_case_says_what_it_has_brought_about(case, built, browser, outcome, told, untold):
    clerk = browser("clerk")
    assert 'id="in-law"' not in clerk.get(f"/cases/{case.id}").page
    built.engine.complete(CLERK, read_state(case.state).tasks[0].id, {}, outcome)
    card = (
        clerk.get(f"/cases/{case.id}").page.partition('id="in-law"')[2].partition("</section>")[0]
    )
    assert all(words in card for words in told)
    assert untold not in card


def test_the_outline_of_what_is_published_says_it_in_both_languages(case, browser):
    clerk = browser("clerk")
    assert "可以起诉" in clerk.get("/designer/promising/outline").text
    clerk.get("/account/")
    clerk.post("/account/language", lang="en")
    assert "They may sue (People" in clerk.get("/designer/promising/outline").text
