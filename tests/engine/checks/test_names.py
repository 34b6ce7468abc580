"""Names that nothing writes and calls that give null, wherever a procedure asks: diagram, tables, forms."""

from __future__ import annotations

import json

from engine.checks import check
from tests.engine.checks.sound import form, package
from tests.engine.checks.test_check import SOUND, codes, ruled, table


def test_a_table_may_read_nothing_that_is_never_written() -> None:
    given = b'<inputData id="d" name="dispute"/><decision'
    asks = table("-", policy="FIRST")["dt_x.dmn"].replace(
        b"<text>n</text>", b"<text>dispute.x</text>"
    )
    files = ruled() | {"dt_x.dmn": asks.replace(b"<decision", given, 1)}
    files["forms/start.json"] = form("/disputes")
    (found, *_) = [one for one in check(files, "talk") if one.element == "extra"]
    assert (found.code, found.params["path"]) == ("name_never_written", "dispute.x")


def test_calls_that_give_null_are_found_in_tables_and_forms() -> None:
    wrong = table("upper case(?, 1) = 2", policy="FIRST")
    assert "call_gives_null" in codes(ruled() | wrong)
    shown = json.loads(form("/ask_note"))
    shown["ui"]["fields"]["/ask_note"]["show"] = "count() > 1"
    files = package(SOUND) | {"forms/ask.json": json.dumps(shown).encode()}
    assert codes(files) == {"call_gives_null"}
