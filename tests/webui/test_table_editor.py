"""A designer changes a decision table cell by cell; what the analysis finds stands at the row."""

from __future__ import annotations

import pytest

from tests.webui.test_form_editor import Editor

RULE = "decisions/route"


@pytest.fixture
def editor(browser):
    found = Editor(browser("designer"), RULE)
    found.send({"t0:i0.text": "amount", "t0:r0.i0": "> 5", "t0:r0.o0": '"A"', "t0:hit": "UNIQUE"})
    return found.open()


def row(page, number):
    """The row and what is found there."""
    return page.partition(f'id="line-t0-r{number}"')[2].partition('id="line-t0-r')[0]


def test_a_new_decision_is_written_and_exported(editor):
    told = editor.browser.client.get(f"{editor.draft}/files/route.dmn").text
    assert "<text>&gt; 5</text>" in told
    assert 'href="#route_amount_1"' in told


def test_two_rows_that_match_together_are_told_at_both_with_an_example(editor):
    editor.send({"~do": "like t0 r0"})
    page = editor.open().page
    assert "finding-line" in row(page, 0)
    assert "amount = " in row(page, 1)


def test_a_gap_is_told_at_the_table(editor):
    told = editor.page.partition("</table>")[2]
    assert "没有任何一行适用于" in told


def test_a_cell_that_is_no_feel_is_kept_and_told_at_its_row(editor):
    editor.send({"t0:r0.i0": "> "})
    page = editor.open().page
    assert "finding-line" in row(page, 0)
    assert "&gt;</textarea>" in row(page, 0)


def test_who_saved_meanwhile_is_told(editor):
    editor.send({"t0:r0.n0": "S6-9"})
    late = editor.send({"t0:r0.n0": "S6-10"})
    assert late.status_code == 412
    assert "S6-10" in late.text


@pytest.mark.parametrize(
    "asked", ["up t0 r7", "drop t9 i0", "left t0 \u00b2", "column t0 x", "rule t"]
)
def test_a_line_that_is_gone_is_refused(editor, asked):
    assert editor.send({"~do": asked}).status_code == 422
