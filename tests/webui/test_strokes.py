"""What is drawn on the pad becomes a picture of our own making, or nothing."""

from __future__ import annotations

import json

import pytest

from webui.forms.strokes import drawn_signature

LINE = [[n * 10, 200, 50] for n in range(10)]


def test_strokes_become_lines_as_thick_as_the_pen_pressed():
    light, firm = ([[x, y, pressure] for x, y, _ in LINE] for pressure in (0, 100))
    picture = drawn_signature(json.dumps([light, firm])).decode()
    assert picture.count("<polyline") == 2
    assert 'stroke-width="3.0"' in picture
    assert 'stroke-width="9.0"' in picture


def test_the_same_strokes_give_the_same_picture():
    assert drawn_signature(json.dumps([LINE])) == drawn_signature(json.dumps([LINE]))


def test_points_outside_the_pad_are_brought_to_its_edge():
    assert "1000,0" in drawn_signature(json.dumps([[*LINE, [9e9, -5, 50]]])).decode()


@pytest.mark.parametrize(
    "told",
    [
        "",
        "no json",
        "[[[1,2,3]]]",
        "{}",
        '[["a","b","c"]]',
        "[[[1,2]]]",
        "[" * 5000,
        "null",
        "7",
        "[[[Infinity,1,1]]]",
        "[[[NaN,1,1]]]",
    ],
)
def test_what_is_no_drawing_or_too_little_is_no_signature(told):
    assert drawn_signature(told) is None


def test_a_browser_cannot_put_markup_into_the_picture():
    evil = json.dumps([[['"/><script>', 1, 1], *LINE]])
    assert drawn_signature(evil) is None


def test_endless_scribbling_is_not_kept():
    assert drawn_signature(json.dumps([[[1, 1, 1]] * 30_000])) is None
