"""What figures are made of: visits, waits, loops, joins, periods and hand-overs of one small case each."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from engine.facts import build_facts
from engine.figures import Figures, fact, three_figures, walk
from engine.figures.counting import spread
from engine.journal import place_data
from engine.model import Case, Entry, Input, Payload, Place
from engine.replay import state_digest
from engine.spiff import STEP, advance
from tests.builders import (
    BEGIN,
    boundary,
    catch,
    clock,
    each,
    event,
    extend,
    message,
    par,
    process,
    release,
    sub,
    timer,
    user,
    xor,
)
from tests.playing import feel

SHARED = Path(__file__).parents[2] / "bpmn" / "shared"
RULES = {"shared/rules.toml": (SHARED / "rules.toml").read_bytes()}
NOWHERE = Place("")


class Told:
    """A case on the pure step with the journal that the verbs would have kept."""

    def __init__(self, flows, *parts, org="court", root="", **values):
        drawn = process(flows, *parts, root=root)
        self.release, self.facts = release(drawn, RULES), build_facts(SHARED)
        self.releases = {self.release.digest: self.release}
        self.now, self.chain, self.state, self.tasks = BEGIN, [], None, {}
        typed = {f"/{key}": feel(value) for key, value in values.items()}
        self.send("start", values={"/case": {"org": org}, **typed})

    def send(self, verb, task="", place=NOWHERE, role="", **data):
        cause = Input("c", len(self.chain), verb, self.now, self.now, task, data)
        self.last = advance(self.release, self.facts, self.state, cause)
        assert self.last.incident is None, self.last.incident
        self.state = self.last.state
        self.tasks |= {one.place.element: one for one in self.last.tasks}
        return self.keep(cause, "input", place, role, state_digest("s", self.last))

    def note(self, verb, element="", role="", **data):
        task = self.tasks.get(element)
        cause = Input("c", len(self.chain), verb, self.now, self.now, task.id if task else "", data)
        place = task.place if task else Place(element)
        return self.keep(cause, "note", place, role, "")

    def do(self, element, outcome="", role="", **values):
        task = self.tasks[element]
        typed = {f"/{key}": feel(value) for key, value in values.items()}
        return self.send("complete", task.id, task.place, role, values=typed, outcome=outcome)

    def fire(self):
        due = min(self.last.timers, key=lambda one: one.due)
        self.now = max(self.now, due.due)
        return self.send("fire", due.id, due.place)

    def wait(self, **length):
        self.now += timedelta(**length)
        return self

    def keep(self, cause, kind, place, role, state):
        where = place_data(place.scope, place.item, place.occurrence, cause.task)
        entry = Entry(
            *("case:c", cause.seq, kind, cause.verb, f"a {role}", "", role),
            *(cause.received_at, cause.at, place.element, where, STEP),
            *(self.release.digest, self.facts.digest, "", state, ""),
        )
        self.chain.append((entry, Payload("s", cause.data)))
        return self

    def walk(self, offices=None):
        case = Case(
            "c", "d", "p", self.release.digest, self.facts.digest, "court", BEGIN,
            len(self.chain) - 1, "", self.now, "open", b"", STEP,
        )  # fmt: skip
        read = (self.releases.get, lambda digest: self.facts)
        return walk(case, iter(self.chain), read, (offices or {}).get)

    @property
    def figures(self):
        return Figures(self.walk().ways[:1])

    def step(self, element):
        """What of an element is not nothing."""
        one = next(one for one in self.figures.steps() if one.element == element)
        return {kind: count.times for kind, count in one.visits.items() if count.times}

    def times(self, element):
        one = next(one for one in self.figures.steps() if one.element == element)
        return one.waited.median, one.worked.median


def test_a_task_waits_until_it_is_claimed_and_is_worked_on_until_it_is_done():
    case = Told("start -> ask -> end", user("ask")).wait(minutes=10).note("claim", "ask")
    case.wait(minutes=5).do("ask")
    assert case.times("ask") == (600, 300)
    assert case.step("ask") == {"entered": 1, "done": 1}


def test_what_was_given_back_waits_on_and_a_colleague_goes_on_with_what_was_handed_over():
    case = Told("start -> ask -> end", user("ask")).note("claim", "ask")
    case.wait(hours=1).note("release", "ask").wait(hours=1).note("claim", "ask")
    case.wait(hours=1).note("delegate", "ask", to="x").wait(hours=1).do("ask")
    assert case.times("ask") == (7200, 7200)
    assert [kind for kind, _ in case.figures.rework()] == ["given_back", "handed_on"]


def test_a_task_done_without_a_claim_only_waited_and_an_open_one_has_no_time_yet():
    case = Told("start -> ask -> tell -> end", user("ask"), user("tell")).wait(days=2).do("ask")
    assert case.times("ask") == (173_000, None)
    assert case.times("tell") == (None, None)
    assert case.step("tell") == {"entered": 1, "open": 1}


CHECKED = (
    'start -> draft -> check -> good -> end\ngood -> draft if check.outcome = "again"',
    *(user("draft"), user("check"), xor("good", default="good__end")),
)


def test_work_that_comes_back_is_a_loop_and_rework_after_who_sent_it():
    case = Told(*CHECKED)
    case.do("draft").do("check", "again").do("draft").do("check", "fine")
    loops = {line.words[1]: line.count.times for line in case.figures.loops()}
    assert loops == {"draft": 1, "check": 1, "good": 1}
    came_back = [line.words for kind, line in case.figures.rework() if kind == "returned"]
    assert came_back == [("", "check", "draft"), ("", "draft", "check")]
    assert case.walk().ways[0].path == ("draft", "check", "draft", "check")


def test_a_branch_that_a_join_took_along_was_neither_done_nor_is_it_there():
    flows = "start -> fork -> a -> join -> end\nfork -> b -> join"
    case = Told(flows, par("fork"), par("join"), user("a"), user("b")).do("a")
    assert case.step("join") == {"entered": 1, "open": 1}
    case.wait(hours=3).do("b")
    assert case.step("join") == {"entered": 2, "done": 1, "joined": 1}
    assert case.times("join") == (10_800, None)
    assert case.figures.loops() == []


def test_each_item_counts_and_not_the_frame_around_them():
    asked = user("ask", each("people"))
    case = Told("start -> ask -> end", asked, people=["x", "y", "z"])
    assert case.step("ask") == {"entered": 3, "open": 3}
    case.send("complete", case.last.tasks[0].id, case.last.tasks[0].place, values={}, outcome="")
    assert case.step("ask") == {"entered": 3, "done": 1, "open": 2}


def test_what_holds_others_has_no_time_of_its_own_and_a_part_begun_anew_returns_nothing():
    part = sub("part", "start -> ask -> end", user("ask"))
    case = Told(
        'start -> part -> more -> end\nmore -> part if ask.outcome = "again"',
        *(part, xor("more", default="more__end")),
    )
    case.wait(hours=1).do("ask", "again").wait(hours=1).do("ask", "enough")
    assert (case.times("part"), case.times("ask")) == ((None, None), (3600, None))
    assert case.step("part") == {"entered": 2, "done": 2, "again": 1}
    assert case.figures.rework() == []


def test_a_timer_that_interrupts_ends_the_wait_and_is_an_act_of_the_path():
    late = boundary("late", "ask", timer("P3D"))
    case = Told("start -> ask -> end\nlate -> end", user("ask"), late).fire()
    assert case.step("ask") == {"entered": 1, "cancelled": 1}
    assert case.times("ask") == (259_000, None)
    assert (case.step("late"), case.walk().ways[0].path) == ({"entered": 1, "done": 1}, ("late",))


def test_everything_that_waits_is_cancelled_when_the_case_is_ended():
    case = Told("start -> ask -> end", user("ask")).send("cancel")
    assert case.step("ask") == {"entered": 1, "cancelled": 1}


COUNTED = user("ask", extend(clock("supplement_materials", starts="enter", ends="done")))


def periods(case):
    return {what: n.times for what, n in case.figures.periods()[0].counts.items() if n.times}


def test_a_period_is_kept_breached_or_runs_and_pauses_are_told_beside():
    rule = "supplement_materials"
    case = Told("start -> ask -> end", COUNTED)
    assert periods(case) == {"started": 1, "running": 1}
    case.send("clock_paused", rule=rule).wait(days=2).send("clock_resumed", rule=rule)
    assert periods(case) == {"started": 1, "running": 1, "paused": 1}
    due = case.last.clocks[0].due
    case.note("clock_breached", "ask", rule=rule, due=due)
    assert periods(case)["breached"] == 1
    case.do("ask")
    assert periods(case) == {"started": 1, "kept": 1, "paused": 1}


def test_what_is_done_after_its_day_is_a_breach():
    case = Told("start -> ask -> end", COUNTED).wait(days=90).do("ask")
    assert periods(case) == {"started": 1, "breached": 1}


def test_work_passes_between_offices_and_parties():
    parts = (
        user("ask", ld_role="MEDIATOR", ld_org='"committee"'),
        user("answer", ld_role="PARTY_A"),
        user("decide", ld_role="TRIB_JUDGE", ld_org='"court"'),
    )
    case = Told("start -> ask -> answer -> decide -> end", *parts)
    case.do("ask").do("answer", role="PARTY_A").do("decide")
    passed = [line.words for line in case.figures.handovers()]
    assert passed == [("committee", "parties"), ("court", "committee"), ("parties", "court")]


def test_a_message_from_another_case_is_an_act_of_its_sender_s_office():
    word = message("word", "1")
    asked = user("ask", ld_org='"committee"')
    hears = catch("hears", event("message", "word"))
    case = Told("start -> hears -> ask -> end", asked, hears, root=word)
    heard = case.last.subscriptions[0]
    case.send("message", "", heard.place, name="word", key="1", payload={}, id="other:3:0")
    case.do("ask")
    passed = Figures(case.walk({"other": "station"}).ways).handovers()
    assert [line.words for line in passed] == [("court", "station"), ("station", "committee")]


def test_who_mediated_and_which_type_of_dispute_are_known_of_each_case():
    case = Told("start -> ask -> end", user("ask"), dispute={"type": "LOAN"})
    walked = case.note("claim", "ask", "MEDIATOR").note("claim", "ask", "TRIB_CLERK").walk()
    assert (walked.type, walked.mediators) == ("LOAN", ("a MEDIATOR",))


def test_a_case_whose_journal_does_not_replay_has_a_fault_and_no_facts():
    case = Told("start -> ask -> end", user("ask"))
    entry, payload = case.chain[0]
    case.chain[0] = (replace(entry, state="other"), payload)
    assert (case.walk().fault, case.walk().ways) == ("state_differs", ())
    case.chain[0] = (entry, replace(payload, certificate="1"))
    assert case.walk().fault == "not_replayable"


def test_a_damaged_note_does_not_keep_a_case_from_being_told():
    case = Told("start -> ask -> end", COUNTED)
    case.note("clock_breached", "ask", rule=[], due={}).note("claim", "ask")
    entry, payload = case.chain[-1]
    case.chain[-1] = (replace(entry, place={"scope": None, "item": "x", "occurrence": []}), payload)
    case.wait(hours=1).do("ask")
    assert (case.walk().fault, case.times("ask")) == ("", (3600, None))


@given(st.integers(0, 10**9))
def test_lengths_keep_three_figures(seconds):
    kept = three_figures(seconds)
    assert abs(kept - seconds) * 200 <= max(seconds, 200)
    assert kept == three_figures(kept) == int(f"{float(f'{kept:.3g}'):.0f}")


@given(st.lists(st.integers(0, 500), min_size=1), st.sampled_from([50, 90]))
def test_so_many_of_a_hundred_do_not_exceed_a_rank(lengths, percent):
    some = spread({one: lengths.count(one) for one in lengths})
    found = some.median if percent == 50 else some.p90
    at_most = sum(one <= found for one in lengths)
    below = sum(one < found for one in lengths)
    assert below * 100 < percent * len(lengths) <= at_most * 100
    assert (some.count, some.total) == (len(lengths), sum(lengths))


def test_figures_of_many_are_the_sums_and_say_in_how_many_cases():
    case = Told(*CHECKED).do("draft").do("check", "again")
    both = Figures(2 * case.walk().ways)
    drafts = both.count("entered", "", "draft")
    assert (both.cases, drafts.times, drafts.cases) == (2, 4, 2)
    assert drafts.fact == fact("entered", "", "draft")
