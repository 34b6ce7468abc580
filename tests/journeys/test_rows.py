"""How much of the inbox stands on an ordinary screen."""

from __future__ import annotations


def test_twenty_rows_stand_on_an_ordinary_screen(visitor):
    clerk = visitor("clerk").open("/inbox?tab=available")
    tops = clerk.page.eval_on_selector_all(
        ".inbox tbody tr", "rows => rows.map(row => row.getBoundingClientRect())"
    )
    heights = [row["height"] for row in tops]
    assert max(heights) <= 33
    assert (768 - tops[0]["top"]) / (sum(heights) / len(heights)) >= 20
