"""Parties take part through staff: for whom a task was completed, and how their word came."""

from __future__ import annotations

import pytest

from engine.commands.cases import Where
from engine.errors import Invalid
from engine.spiff import read_state
from tests.builders import BEGIN, process, release, user
from tests.builders import start as begin_at
from tests.cast import CLERK

from .conftest import form

XML = process(
    "start -> agree -> end",
    begin_at("start", ld_role="TRIB_CLERK"),
    user("agree", ld_role="TRIB_CLERK", ld_party='parties[side != "THIRD"]', name="征询意愿"),
    id="asked",
)
PARTIES = (
    {"side": "A", "name": "张三"},
    {"side": "B", "name": "𠮷田㛃"},
    {"side": "THIRD", "name": "物业公司"},
)


@pytest.fixture
def asked(built):
    """A case in which a clerk asks one of two parties."""
    forms = {
        "forms/start.json": form(title={}),
        "forms/agree.json": form("accept", facts={}),
        "shared/rules.toml": b"",
    }
    with built.open_store() as store:
        store.add_release(release(XML, forms), "designer", "designer2", BEGIN)
    dossier = built.engine.open_dossier(CLERK, "asked", CLERK.grants[0].org, PARTIES)
    return built.engine.begin(CLERK, "asked", {}, Where(dossier=dossier.id))


@pytest.fixture
def agree(built, asked):
    with built.open_store() as store:
        return read_state(store.case(asked.id).state).tasks[0].id


@pytest.fixture
def parties(built, asked):
    """The ids of the parties by name."""
    with built.open_store() as store:
        return {party.name: party.id for party in store.parties(asked.dossier)}


def test_a_party_s_task_asks_for_whom_and_how(browser, agree):
    clerk = browser("clerk").get(f"/tasks/{agree}")
    assert "代谁办理" not in clerk.page  # nobody holds it yet
    clerk.post(f"/tasks/{agree}/claim")
    assert "代谁办理" in clerk.page
    assert "申请方 张三" in clerk.text
    assert "物业公司 电话" not in clerk.text
    refused = clerk.post(f"/tasks/{agree}", outcome="accept", **{"/dispute/facts": "同意"})
    assert refused.status == 422
    assert 'href="#fon_behalf"' in refused.page
    assert 'href="#fthrough"' in refused.page
    assert "同意" in refused.page


def test_the_journal_and_the_case_page_say_for_whom(browser, built, asked, agree, parties):
    clerk = browser("clerk")
    clerk.post(f"/tasks/{agree}/claim")
    them = {"on_behalf": parties["𠮷田㛃"], "through": "PHONE"}
    assert clerk.post(f"/tasks/{agree}", outcome="accept", **them).status == 200
    with built.open_store() as store:
        entry, payload = list(store.entries(f"case:{asked.id}"))[-1]
    assert (entry.actor, entry.on_behalf) == ("clerk", them["on_behalf"])
    assert payload.data["behalf"] == {"party": them["on_behalf"], "through": "PHONE"}
    assert "代 当事人 𠮷田㛃 办理 电话" in clerk.get(f"/cases/{asked.id}").text
    assert "重放一致" in clerk.post(f"/cases/{asked.id}/replay").text


@pytest.mark.parametrize(
    ("whom", "how"), [("物业公司", "PHONE"), ("张三", "PIGEON"), ("张三", ""), ("", "PAPER")]
)
def test_only_a_party_of_the_task_and_a_known_way_count(browser, agree, parties, whom, how):
    clerk = browser("clerk")
    clerk.post(f"/tasks/{agree}/claim")
    sent = {"on_behalf": parties.get(whom, "clerk"), "through": how}
    assert clerk.post(f"/tasks/{agree}", outcome="accept", **sent).status == 422


def test_a_draft_remembers_for_whom(browser, agree, parties):
    clerk = browser("clerk")
    clerk.post(f"/tasks/{agree}/claim")
    clerk.post(f"/tasks/{agree}/draft", on_behalf=parties["张三"], through="PAPER")
    page = clerk.get(f"/tasks/{agree}").page
    assert f'value="{parties["张三"]}" selected' in page
    assert 'value="PAPER" checked' in page


def test_the_verb_itself_wants_a_party(built, agree):
    built.engine.claim(CLERK, agree)
    with pytest.raises(Invalid):
        built.engine.answer(CLERK, agree, {}, "accept")


def test_staff_s_own_tasks_name_nobody(browser, built, case, task, parties):
    clerk = browser("clerk")
    clerk.post(f"/tasks/{task}/claim")
    clerk.post(f"/tasks/{task}", outcome="accept", on_behalf=parties["张三"], through="PHONE")
    with built.open_store() as store:
        entry, _ = list(store.entries(f"case:{case.id}"))[-1]
    assert entry.on_behalf == ""
