"""Every form of the bundled procedures is drawn whole, in both languages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from lxml import html

from engine.forms import read_form
from tests.webui.demo import NOW, TYPES, Shelf, demo_app
from webui.forms import View

FORMS = sorted(Path("bpmn").glob("*/forms/*.json"))
CASE: dict[str, Any] = {
    "case": {"id": "c1", "org": "o1"},
    "parties": [{"id": "p1", "side": "A", "name": "杨桂英"}],
    "dispute": {"type": "NEIGHBOUR", "facts": "漏水"},
}


def named(path: Path) -> str:
    return f"{path.parts[1]}/{path.stem}"


@pytest.mark.parametrize("path", FORMS, ids=named)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_bundled_form(path: Path, language: str) -> None:
    form = read_form(path.read_bytes(), TYPES)
    client = demo_app(form, View(CASE, NOW), Shelf(), language).test_client()
    tree = html.fromstring(client.get("/").get_data(as_text=True))
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids))
    controls = "self::input[not(@type='hidden')] or self::select or self::textarea or self::output"
    labelled = {*tree.xpath("//label/@for"), *tree.xpath("//*[@aria-label]/@id")}
    assert {*tree.xpath(f"//*[{controls}]/@id")} <= labelled
    assert {*tree.xpath("//@data-at")} >= {
        field.pointer for field in form.fields.values() if field.widget != "hidden"
    }
