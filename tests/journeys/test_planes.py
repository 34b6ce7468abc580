"""A collapsed sub-process is opened on its own plane: all of it is seen, and the way back covers nothing."""

from __future__ import annotations

from pathlib import Path

DRAWN = Path(__file__).parents[2] / "bpmn" / "detention_exit" / "process.bpmn"
OPEN = """async (xml) => {
  const box = document.querySelector("main");
  box.innerHTML = '<div class="diagram tall"></div>';
  const { openDrawing } = await import("/static/diagram.js");
  await openDrawing(box.firstChild, xml, "zh");
}"""
SHAPES = """() => [...document.querySelectorAll(".djs-shape")]
  .map((one) => one.getBoundingClientRect()).filter((one) => one.height)"""


def test_the_way_back_stands_above_a_sub_process_seen_whole(visitor):
    page = visitor("clerk").page
    page.evaluate(OPEN, DRAWN.read_text("utf-8"))
    page.click("button[title='打开 请假出所']")
    crumbs = page.locator(".bjs-breadcrumbs").bounding_box()
    shapes = page.evaluate(SHAPES)
    assert len(shapes) > 10
    assert min(one["top"] for one in shapes) > crumbs["y"] + crumbs["height"]
    assert max(one["right"] for one in shapes) < crumbs["x"] + crumbs["width"]
    page.click(".bjs-breadcrumbs a")
    assert not page.locator(".bjs-breadcrumbs").is_visible()
