"""Standing in for somebody: their tasks, under one's own name, on their behalf, for a time."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.errors import Conflict, Invalid, NotAllowed
from engine.model import Credential, Grant, Session
from storage.queries import Filter, Viewer, tasks
from storage.queries.signin import signed_in
from tests.builders import process, start, user
from tests.cast import CLERK, MEDIATOR, SUPERVISOR, actor
from tests.engine.test_apart import HERE, do, open_task, publish

OTHER = actor("mediator2")
NAMED = process(
    "start -> write -> end",
    start("start", ld_role="TRIB_CLERK"),
    user("write", ld_person='"mediator"', **HERE),
)


@pytest.fixture
def case(desk, store):
    publish(store, desk, "named", NAMED)
    return desk.begin(CLERK, "named", {})


@pytest.fixture
def period(clock):
    return clock(), clock() + timedelta(days=3)


def now(store, desk, who):
    """The same person as a browser signs them in at this moment."""
    at, until = desk.clock(), desk.clock() + timedelta(hours=1)
    with store() as opened:
        opened.save_credential(Credential(who.person, "", False, at))
        opened.save_session(Session(who.person, who.person, at, at, until, until, ""))
        return signed_in(opened.connection, who.person, at, "").actor


def listed(store, who, tab="mine"):
    with store() as opened:
        rows, _ = tasks(opened.connection, Viewer(who), Filter(tab=tab))
        return [row.element for row in rows]


def test_a_substitute_does_what_was_for_the_absent(desk, store, case, period):
    desk.name_substitute(MEDIATOR, ("mediator", "mediator2"), period, "出差")
    substitute = now(store, desk, OTHER)
    assert (listed(store, OTHER), listed(store, substitute)) == ([], ["write"])
    do(desk, store, case, substitute)
    with store() as opened:
        entry, payload = list(opened.entries(f"case:{case.id}"))[-1]
    assert (entry.actor, entry.on_behalf) == ("mediator2", "mediator")
    assert payload.data["stands_in_for"] == "mediator"


def test_a_claim_of_the_absent_can_be_taken_over(desk, store, case, period):
    task = open_task(store, case)
    desk.claim(MEDIATOR, task)
    desk.name_substitute(MEDIATOR, ("mediator", "mediator2"), period, "出差")
    substitute = now(store, desk, OTHER)
    assert listed(store, substitute) == ["write"]
    desk.claim(substitute, task)
    with store() as opened:
        assert opened.open_task(task).holder == "mediator2"


def test_it_ends_by_itself_and_earlier_with_a_reason(desk, store, clock, period):
    named = desk.name_substitute(MEDIATOR, ("mediator", "mediator2"), period, "出差")
    desk.end_substitution(MEDIATOR, named.id, "提前返回")
    assert not any(grant.on_behalf for grant in now(store, desk, OTHER).grants)
    desk.name_substitute(MEDIATOR, ("mediator", "mediator2"), period, "又出差")
    assert any(grant.on_behalf for grant in now(store, desk, OTHER).grants)
    clock.move(period[1])
    assert not any(grant.on_behalf for grant in now(store, desk, OTHER).grants)
    with pytest.raises(Conflict, match="substitution_over"):
        desk.end_substitution(MEDIATOR, named.id, "再结束")


def test_separation_counts_for_both(desk, store, case, period):
    desk.recuse(MEDIATOR, case.dossier, "mediator", "INTEREST", "邻居")
    desk.name_substitute(SUPERVISOR, ("mediator", "committee"), period, "出差")
    committee = now(store, desk, actor("committee"))
    assert any(grant.on_behalf == "mediator" for grant in committee.grants)
    with pytest.raises(NotAllowed, match="barred_recused"):
        do(desk, store, case, committee)
    assert listed(store, committee, "available") == []


def test_what_a_substitute_does_bars_both(desk, store, case, period):
    desk.name_substitute(MEDIATOR, ("mediator", "mediator2"), period, "出差")
    do(desk, store, case, now(store, desk, OTHER))
    with store() as opened:
        bars = opened.bars(case.dossier)
    assert {bar.person for bar in bars if bar.role == "TRIB_JUDGE"} == {"mediator", "mediator2"}


@pytest.mark.parametrize(
    ("who", "pair", "code"),
    [
        ("mediator", ("mediator2", "mediator"), "may_not_substitute"),
        ("mediator", ("mediator", "mediator"), "choose_substitute"),
        ("mediator", ("mediator", "clerk"), "substitute_elsewhere"),
        ("supervisor", ("judge", "clerk"), "substitute_lacks_office"),
        ("supervisor", ("warden", "discipline"), "substitute_lacks_office"),
        ("supervisor", ("auditor", "clerk"), "nothing_to_stand_in_for"),
    ],
)
def test_not_everybody_stands_in_for_everybody(desk, period, who, pair, code):
    with pytest.raises((Invalid, NotAllowed), match=code):
        desk.name_substitute(actor(who), pair, period, "出差")


def test_one_substitute_at_a_time_and_not_one_who_is_away(desk, period):
    desk.name_substitute(MEDIATOR, ("mediator", "mediator2"), period, "出差")
    with pytest.raises(Conflict, match="already_substituted"):
        desk.name_substitute(MEDIATOR, ("mediator", "committee"), period, "出差")
    with pytest.raises(Conflict, match="substitute_away"):
        desk.name_substitute(SUPERVISOR, ("committee", "mediator"), period, "出差")


def test_power_over_the_installation_is_never_handed_on(desk, store, period):
    desk.name_substitute(SUPERVISOR, ("mediator", "mediator2"), period, "出差")
    with store() as opened:
        opened.grant("mediator", Grant("ADMIN", "shiqiao-committee"), period[0], None)
    assert "ADMIN" not in now(store, desk, OTHER).roles


def test_a_past_period_is_refused(desk, clock):
    before = clock() - timedelta(days=3), clock() - timedelta(days=1)
    with pytest.raises(Invalid, match="ends_before_start"):
        desk.name_substitute(MEDIATOR, ("mediator", "mediator2"), before, "出差")
    with pytest.raises(Invalid, match="say_why"):
        desk.name_substitute(MEDIATOR, ("mediator", "mediator2"), before, " ")
