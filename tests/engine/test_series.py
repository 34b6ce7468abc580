"""Numbers read as official documents number, and every series is named in both languages."""

from __future__ import annotations

import re

import pytest

from engine.diagram import read_diagram
from engine.series import official
from tests.conftest import BPMN

SERIES = re.compile(r"^\| (\S+) \| (\S+) \| ([A-Z][\w ]+) \|$", re.M)
NAMED = {
    word: (zh, en)
    for word, zh, en in SERIES.findall((BPMN.parent / "docs/letters.md").read_text("utf-8"))
}


def test_a_number_has_its_word_its_year_and_no_leading_zeros():
    assert official("预警", 2026, 7) == "预警〔2026〕7号"


@pytest.mark.parametrize("path", sorted(BPMN.glob("*/process.bpmn")), ids=lambda p: p.parent.name)
def test_every_series_of_a_diagram_is_named_in_both_languages(path):
    nodes = read_diagram(path.read_bytes()).nodes.values()
    used = {node.params["series"].strip('"') for node in nodes if node.operation == "numbers.next"}
    assert used <= NAMED.keys()
