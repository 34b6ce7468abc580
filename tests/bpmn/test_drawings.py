"""A drawing is read in both languages: every name is there in English, and no word is broken."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.diagram import read_diagram, read_xml
from engine.layout.sizes import LABEL_FONT, text_width

BPMN = Path(__file__).parents[2] / "bpmn"


every_drawing = pytest.mark.parametrize(
    "drawing", sorted(BPMN.glob("*/process.bpmn")), ids=lambda path: path.parent.name
)


@every_drawing
def test_what_has_a_chinese_name_has_an_english_one(drawing: Path) -> None:
    root = read_xml(drawing.read_bytes())
    named = root.xpath("//*[local-name() != 'message' and local-name() != 'signal'][@name]")
    chinese = [one for one in named if not one.get("name").isascii()]
    assert [
        one.get("id")
        for one in chinese
        if not one.xpath("./*/*[local-name() = 'translation'][@target = '@name']/text()")
    ] == []


@every_drawing
def test_a_label_is_as_wide_as_its_longest_word(drawing: Path) -> None:
    diagram = read_diagram(drawing.read_bytes())
    named = {**diagram.nodes, **diagram.flows}
    placed = [*diagram.shapes.values(), *diagram.edges.values()]
    assert [
        one.element
        for one in placed
        if one.label is not None
        for word in named[one.element].name.get("en", "").split()
        if text_width(word, LABEL_FONT) > one.label.width + 2
    ] == []
