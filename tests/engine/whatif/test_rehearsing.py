"""What would it have done: a recorded case on a changed release, and the first thing that differs."""

from __future__ import annotations

import pytest

from engine.whatif import rehearse
from tests.builders import (
    boundary,
    clock,
    end,
    extend,
    process,
    release,
    script,
    service,
    timer,
    user,
    xor,
)
from tests.builders import start as begin
from tests.cast import DESIGNER
from tests.engine.whatif.living import FILES, Lived, drawn, form
from tests.histories import History, recorded


@pytest.fixture
def lived(desk, store, clock):
    return Lived(desk, store, clock).work()


STAYED = [path for path in recorded() if len(History(path).releases) == 1]


@pytest.mark.parametrize("path", STAYED, ids=lambda path: path.stem)
def test_a_case_does_the_same_on_its_own_release(path):
    history = History(path)
    told = rehearse(
        history.chain, history.release, (lambda _: history.release, lambda _: history.facts)
    )
    assert told.verdict == "same"


def test_another_label_changes_no_path(lived):
    assert lived.on(drawn("start -> a -> b -> end", user("a", name="询问"))).verdict == "same"


def test_a_new_step_on_the_way_is_the_first_difference(lived):
    told = lived.on(drawn("start -> a -> c -> b -> end", user("c")))
    assert (told.verdict, told.code, told.params) == (
        "other",
        "whatif_other",
        {"gone": "b", "come": "c"},
    )
    assert told.seq == 2


def test_a_step_that_passes_by_itself_is_told_though_the_case_comes_to_its_end(lived):
    told = lived.on(drawn("start -> a -> s -> b -> end", script("s", "1 + 1", "dispute.n")))
    assert (told.verdict, told.code, told.params) == ("other", "whatif_come", {"come": "s"})


def test_a_way_that_no_condition_opens_is_stuck(lived):
    way = "start -> a -> x\nx -> b if dispute.nothing\nx -> over if dispute.none\nb -> end"
    told = lived.on(drawn(way, xor("x"), end("over")))
    assert (told.verdict, told.code, told.params["reason"]) == ("stuck", "whatif_stuck", "no_flow")


def test_a_deadline_that_fires_sooner_takes_the_case_elsewhere(lived):
    late = boundary("late", "a", timer("PT1H"))
    told = lived.on(drawn("start -> a -> b -> end\nlate -> over", late, end("over")))
    assert (told.verdict, told.params) == ("other", {"come": "late"})


def test_what_was_typed_may_no_longer_fit(lived):
    told = lived.on(drawn(a=form("facts", maxLength=1)))
    assert (told.verdict, told.params["element"]) == ("input", "a")
    assert [one.pointer for one in told.params["problems"]] == ["/dispute/facts"]


def test_a_field_that_the_draft_lost_is_told(lived):
    told = lived.on(drawn(a=form("other")))
    assert [(one.pointer, one.code) for one in told.params["problems"]] == [
        ("/dispute/facts", "whatif_field_gone")
    ]


def test_a_period_that_no_longer_runs_is_a_broken_clock(desk, store, clock):
    marked = user("a", extend(CLOCK), ld_role="TRIB_CLERK")
    first = drawn("start -> a -> b -> end", marked)
    told = Lived(desk, store, clock, first).work().on(drawn())
    assert (told.verdict, told.code, told.params["rule"]) == (
        "clock",
        "whatif_clock_lost",
        "accept_referral",
    )


CLOCK = clock("accept_referral", starts="enter", ends="done")


def test_a_period_that_would_be_missed_is_a_broken_clock(lived):
    early = clock("accept_referral", starts="enter", ends="done", from_='date("2026-01-05")')
    told = lived.on(drawn("start -> a -> b -> end", user("a", extend(early))))
    assert (told.verdict, told.code) == ("clock", "whatif_clock_late")


def test_a_running_case_is_played_as_far_as_it_has_come(desk, store, clock):
    begun = Lived(desk, store, clock).work({"/dispute/facts": "漏水"})
    assert begun.on(drawn()).verdict == "same"
    assert begun.on(drawn("start -> a -> c -> b -> end", user("c"))).verdict == "other"


def test_an_answer_that_never_came_is_waited_for_on_the_draft_too(desk, store, clock):
    asks = drawn("start -> ask -> b -> end", service("ask", "documents.record"))
    waits = Lived(desk, store, clock, asks)
    assert waits.on(asks).verdict == "same"
    assert waits.on(drawn("start -> ask -> b -> end", script("ask", "1"))).params == {"come": "b"}


def test_nothing_is_written_to_the_case(lived):
    def head():
        with lived.store() as opened:
            return opened.head(f"case:{lived.id}")

    before = head()
    lived.on(drawn(a=form("other")))
    assert head() == before


def test_a_destroyed_case_cannot_be_played(lived):
    with lived.store() as opened:
        chain = [(entry, None) for entry, _ in opened.entries(f"case:{lived.id}")]
        assert rehearse(chain, drawn(), (opened.release, opened.facts)).verdict == "erased"


# Cases that were moved to other names on their way ------------------------------------------------


@pytest.fixture
def moved(desk, store, clock):
    """A case done to its second step, moved to a release that calls it otherwise, and done."""
    case = Lived(desk, store, clock).work({"/dispute/facts": "漏水"})
    then = renamed()
    with store() as opened:
        opened.add_release(then, "designer", "designer2", clock())
    desk.move_case(DESIGNER, case.id, then.digest, "改名", {"a": "ask", "b": "tell"})
    return case.work({})


def renamed(flows="start -> ask -> tell -> end", *more, **forms):
    parts = (user("ask", ld_role="TRIB_CLERK"), user("tell", ld_role="TRIB_CLERK"))
    return drawn(flows, *parts, *more, **{"ask": form("facts"), "tell": form(), **forms})


@pytest.mark.parametrize("draft", [renamed(), drawn()], ids=["as it was moved", "as it began"])
def test_steps_under_other_names_are_the_same_steps(moved, draft):
    assert moved.on(draft).verdict == "same"


def test_what_differs_is_told_by_the_names_of_the_draft(moved):
    told = moved.on(renamed("start -> ask -> s -> tell -> end", script("s", "1")))
    assert (told.verdict, told.params) == ("other", {"come": "s"})
    told = moved.on(renamed(ask=form("facts", maxLength=1)))
    assert (told.verdict, told.params["element"]) == ("input", "ask")


def test_a_step_whose_id_alone_changed_is_found_by_its_form(lived):
    parts = (begin("start", ld_role="TRIB_CLERK"), user("ask", ld_role="TRIB_CLERK"), user("b"))
    files = {**FILES, "forms/ask.json": FILES["forms/a.json"]}
    draft = release(process("start -> ask -> b -> end", *parts), files)
    assert lived.on(draft).verdict == "same"
    other = {**files, "forms/ask.json": form("else")}
    told = lived.on(release(process("start -> ask -> b -> end", *parts), other))
    assert (told.verdict, told.params) == ("other", {"gone": "a", "come": "ask"})
