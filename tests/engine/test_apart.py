"""Separation of duties and recusal: refused where a task is claimed, handed over or completed."""

from __future__ import annotations

import pytest

from engine.commands.cases import Where
from engine.errors import Conflict, Invalid, NotAllowed
from engine.model import RECUSED
from engine.spiff import read_state
from storage.queries import Filter, Viewer, colleagues, tasks
from storage.queries.tasks import _page
from storage.schema import migrate
from storage.sql import Database
from tests.builders import process, release, start, user
from tests.cast import CLERK, COMMITTEE, JUDGE, MEDIATOR, SUPERVISOR, actor
from tests.engine.test_commands import form

OTHER = actor("mediator2")
HERE = {"ld_role": "MEDIATOR", "ld_org": '"shiqiao-committee"'}
XML = process(
    "start -> write -> check -> end",
    start("start", ld_role="TRIB_CLERK MEDIATOR"),
    user("write", **HERE),
    user("check", ld_not="write start", **HERE),
)
FILES = {f"forms/{name}.json": form("done") for name in ("start", "write", "check")}
FILES["forms/start.json"] = form()


def publish(store, desk, procedure="p", xml=XML):
    told = release(xml, FILES)
    told = type(told)(procedure, f"{told.digest}{procedure}", told.files)
    with store() as opened:
        opened.add_release(told, "a", "b", desk.clock())


@pytest.fixture
def case(desk, store):
    publish(store, desk)
    return desk.begin(CLERK, "p", {})


def open_task(store, case):
    with store() as opened:
        return read_state(opened.case(case.id).state).tasks[0].id


def do(desk, store, case, who):
    desk.answer(who, open_task(store, case), {}, "done")


def offered(store, who):
    """The elements that the inbox offers."""
    with store() as opened:
        rows, _ = tasks(opened.connection, Viewer(who), Filter(tab="available"))
        return [row.element for row in rows]


def test_who_wrote_may_not_check(desk, store, case):
    do(desk, store, case, MEDIATOR)
    with pytest.raises(NotAllowed) as refused:
        desk.claim(MEDIATOR, open_task(store, case))
    assert (refused.value.code, refused.value.params["name"]) == ("barred_drawn", "李和平")
    with pytest.raises(NotAllowed, match="barred_drawn"):
        do(desk, store, case, MEDIATOR)
    assert (offered(store, MEDIATOR), offered(store, OTHER)) == ([], ["check"])
    do(desk, store, case, OTHER)


def test_a_barred_colleague_is_no_choice_and_no_target(desk, store, case):
    do(desk, store, case, MEDIATOR)
    check = open_task(store, case)
    desk.claim(OTHER, check)
    with pytest.raises(NotAllowed, match="barred_drawn"):
        desk.delegate(OTHER, check, "mediator", "leave")
    with store() as opened:
        task = opened.open_task(check).task
        assert colleagues(opened.connection, task, desk.clock(), "mediator2") == []


def test_who_began_a_case_has_done_its_start(desk, store):
    publish(store, desk)
    case = desk.begin(MEDIATOR, "p", {})
    do(desk, store, case, OTHER)
    with pytest.raises(NotAllowed, match="barred_drawn"):
        do(desk, store, case, MEDIATOR)


def test_what_is_drawn_holds_in_its_case_only(desk, store, case):
    do(desk, store, case, MEDIATOR)
    other = desk.begin(CLERK, "p", {}, Where(dossier=case.dossier))
    do(desk, store, other, OTHER)
    do(desk, store, other, MEDIATOR)


@pytest.mark.clause("S5-16")
def test_the_mediator_of_a_dossier_is_never_its_judge(desk, store, case):
    do(desk, store, case, MEDIATOR)
    judged = process(
        "start -> write -> end",
        start("start", ld_role="TRIB_CLERK"),
        user("write", ld_role="TRIB_JUDGE"),
    )
    publish(store, desk, "review", judged)
    review = desk.begin(CLERK, "review", {}, Where(dossier=case.dossier))
    both = type(MEDIATOR)("mediator", "李和平", (*MEDIATOR.grants, *JUDGE.grants))
    with pytest.raises(NotAllowed) as refused:
        do(desk, store, review, both)
    assert refused.value.params["basis"] == "S5-16"
    assert "write" not in offered(store, both)
    do(desk, store, review, JUDGE)


def test_a_recused_person_loses_claims_and_tasks(desk, store, case):
    task = open_task(store, case)
    desk.claim(MEDIATOR, task)
    desk.recuse(MEDIATOR, case.dossier, "mediator", "INTEREST", "邻居")
    with store() as opened:
        assert opened.open_task(task).holder == ""
        verbs = [entry.verb for entry, _ in opened.entries(f"case:{case.id}")]
        assert verbs[-1] == "release"
    with pytest.raises(NotAllowed, match="barred_recused"):
        desk.claim(MEDIATOR, task)
    assert (offered(store, MEDIATOR), offered(store, OTHER)) == ([], ["write"])


def test_a_task_named_to_the_recused_is_offered_to_the_role(desk, store):
    named = process(
        "start -> write -> end",
        start("start", ld_role="TRIB_CLERK"),
        user("write", ld_person='"mediator"', **HERE),
    )
    publish(store, desk, "named", named)
    case = desk.begin(CLERK, "named", {})
    assert offered(store, OTHER) == []
    desk.recuse(SUPERVISOR, case.dossier, "mediator", "OTHER_TIE", "亲属")
    assert offered(store, OTHER) == ["write"]
    do(desk, store, case, OTHER)


def test_a_recusal_ends_with_a_reason_by_somebody_else(desk, store, case):
    bar = desk.recuse(MEDIATOR, case.dossier, "mediator", "INTEREST", "误报")
    with pytest.raises(NotAllowed, match="may_not_recuse"):
        desk.end_recusal(MEDIATOR, case.dossier, bar.id, "没有了")
    with pytest.raises(Invalid, match="say_why"):
        desk.end_recusal(SUPERVISOR, case.dossier, bar.id, " ")
    desk.end_recusal(SUPERVISOR, case.dossier, bar.id, "查明无利害关系")
    do(desk, store, case, MEDIATOR)
    with store() as opened:
        told = [entry.verb for entry, _ in opened.entries(f"dossier:{case.dossier}")]
        assert told[-2:] == ["recuse", "recusal_ended"]
        assert [one.end_reason for one in opened.bars(case.dossier) if one.rule == RECUSED] == [
            "查明无利害关系"
        ]


def test_only_some_decide_for_others_and_once(desk, case):
    with pytest.raises(NotAllowed, match="may_not_recuse"):
        desk.recuse(COMMITTEE, case.dossier, "mediator", "INTEREST", "邻居")
    with pytest.raises(Invalid, match="choose_ground"):
        desk.recuse(SUPERVISOR, case.dossier, "mediator", "", "邻居")
    desk.recuse(SUPERVISOR, case.dossier, "mediator", "INTEREST", "邻居")
    with pytest.raises(Conflict, match="already_recused"):
        desk.recuse(SUPERVISOR, case.dossier, "mediator", "INTEREST", "邻居")


def test_the_inbox_asks_the_index_of_bars(tmp_path, clock):
    """No plan scans the bars, whatever else it does."""
    url = f"sqlite:///{tmp_path}/x.db"
    migrate(url)
    database = Database(url, clock)
    query = _page(Viewer(MEDIATOR), Filter(tab="available"))
    with database.engine.connect() as connection:
        told = query.compile(connection, compile_kwargs={"literal_binds": True})
        plan = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {told}")]
    database.close()
    asked = [line for line in plan if " bars" in line]
    assert asked
    assert all("ix_bars_person_dossier" in line for line in asked)
