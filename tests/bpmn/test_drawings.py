"""Every word of a drawing is there in English, for the reader who does not read Chinese."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.diagram import read_xml

BPMN = Path(__file__).parents[2] / "bpmn"


@pytest.mark.parametrize(
    "drawing", sorted(BPMN.glob("*/process.bpmn")), ids=lambda path: path.parent.name
)
def test_what_has_a_chinese_name_has_an_english_one(drawing: Path) -> None:
    root = read_xml(drawing.read_bytes())
    named = root.xpath("//*[local-name() != 'message' and local-name() != 'signal'][@name]")
    chinese = [one for one in named if not one.get("name").isascii()]
    assert [
        one.get("id")
        for one in chinese
        if not one.xpath("./*/*[local-name() = 'translation'][@target = '@name']/text()")
    ] == []
