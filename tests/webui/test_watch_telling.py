"""What watching tells of recorded cases: their drawings, waiting times, changes, decisions, periods."""

from __future__ import annotations

import pytest
from lxml import etree

from engine.forms import known_fields
from engine.model import Release
from engine.package import read_package
from tests.conftest import BPMN
from tests.histories import HERE, History, recorded
from webui.audit.columns import coded, column_words
from webui.audit.decided import rulings
from webui.audit.picture import pictures
from webui.audit.places import MAIN, Atlas
from webui.audit.telling import changes, clocks_moved, tell
from webui.procedures import read_drawn


def told(history):
    return list(tell(history.chain, history.releases.__getitem__, lambda _: history.facts))


@pytest.mark.parametrize("path", list(recorded()), ids=lambda path: path.stem)
def test_every_recorded_case_is_told_to_its_end_on_its_own_drawings(path):
    history = History(path)
    moments = told(history)
    assert len(moments) == len(history.chain)
    for moment in moments:
        atlas = Atlas(history.releases[moment.told.entry.release])
        marks = atlas.marks(moment)
        assert not moment.told.fault
        for spot in (*marks.passed, *marks.here, *filter(None, [marks.at])):
            drawing = atlas.drawings[spot.home]
            assert spot.element in {**drawing.nodes, **drawing.flows}
        assert moment.waited >= 0


def settled():
    return History(HERE / "mediation-neighbours_settle.zip")


def test_changes_are_only_what_differs_and_lead_from_one_entry_to_the_next():
    stood = {}
    for moment in told(settled()):
        for pointer, before, after in changes(moment):
            assert before != after
            assert stood.get(pointer) == before
            stood[pointer] = after
    assert stood["/dispute/title"]


def test_decisions_and_periods_are_there_where_they_fell():
    moments = told(settled())
    traces = [one.what for m in moments if m.told.outcome for one in m.told.outcome.trace]
    assert "decided" in traces
    begun = [clock.rule for moment in moments for clock in clocks_moved(moment)]
    assert begun


def test_a_decision_explains_itself_in_a_sentence_with_its_law(app):
    atlas = Atlas(settled().release)
    with app.test_request_context():
        rows = [r for m in told(settled()) for one in rulings(m, atlas, (), {}) for r in one.rows]
    assert rows
    assert all(f"“{row.table}”第 {row.number} 行命中：" in row.sentence for row in rows)
    assert any(ref.words.startswith("《") for row in rows for ref in row.basis)
    assert all(row.basis or row.by_design for row in rows)
    assert "一方明确拒绝 = 否" in rows[0].sentence


def test_what_a_decision_gave_is_called_as_in_its_table(app):
    atlas = Atlas(settled().release)
    with app.test_request_context():
        found = [one for moment in told(settled()) for one in rulings(moment, atlas, (), {})]
    suitable = next(one for one in found if one.decision == "dt_1_suitability")
    assert suitable.outputs.startswith("结论 SUITABLE；方式 ANY")
    assert list(suitable.labels.values()) == ["结论", "方式", "同时保全", "先行鉴定"]


def test_codes_of_a_decision_are_called_as_the_forms_that_it_reads_or_the_roles_call_them(app):
    release = settled().release
    with app.test_request_context():
        fields = known_fields(read_drawn(release).forms())
        moments, atlas = told(settled()), Atlas(release)
        found = {one.decision: one for m in moments for one in rulings(m, atlas, (), fields)}
        complaint = Atlas(Release("complaint", "", read_package(BPMN / "complaint")))
        roles = column_words(complaint, "complaint_route", {})
    referral = found["dt_2_referral"]
    assert "法庭起诉" in referral.rows[0].sentence
    assert "TRIBUNAL_FILING" not in referral.rows[0].sentence
    assert "期限 立案前委派调解期限" in referral.outputs
    assert found["dt_1_suitability"].outputs.startswith("结论 SUITABLE；")  # no form offers it
    assert coded(["COURT_PRES", "x"], roles["决定 decider"]) == "院长、x"


def test_a_called_procedure_is_lit_on_its_own_drawing():
    history = History(HERE / "mediation-m5_online_signatures.zip")
    atlas = Atlas(history.release)
    passed = {spot for moment in told(history) for spot in atlas.marks(moment).passed}
    assert {spot.home for spot in passed} == {MAIN, "call/video_session/process.bpmn"}


def test_an_erased_entry_ends_the_telling_and_says_so():
    history = settled()
    history.chain[3] = (history.chain[3][0], None)
    last = told(history)[-1]
    assert (last.told.entry.seq, last.told.fault) == (3, "not_replayable")


def test_the_still_picture_draws_every_step_by_name_with_its_path(app):
    drawing = Atlas(settled().release).drawings[MAIN]
    with app.test_request_context():
        (main, *_) = pictures(drawing, {"past": {"screen_suitability"}, "here": {"settled"}})
    shapes = [node for node in drawing.nodes.values() if node.type == "userTask"]
    assert main.svg.count('class="step') >= len(shapes)
    root = etree.fromstring(main.svg)
    assert root.get("viewBox")
