"""A form lost a field: whoever still reads it keeps the case where it is, and is found while drawing."""

from __future__ import annotations

import json

import pytest

from engine.checks import check
from engine.checks.needed import missing, needs
from tests.builders import end, event, message, process, release, service, start, throw, user
from tests.engine.checks.sound import form as one_field
from tests.engine.checks.sound import package
from tests.engine.checks.test_check import SOUND, codes
from tests.engine.whatif.living import FILES, form

PAID = {"amount": "dispute.amount"}
SHOWN = form("note").replace(b'"label"', b'"show": "dispute.amount != null", "label"')
GIVEN = form("note").replace(b'"label"', b'"compute": "dispute.amount", "label"')
LETTER = b'//: kind = "k"\n//: title = {zh = "t", en = "t"}\n//: fields = ["/dispute/amount"]\n'
WORK = {
    "a form that shows by it": ((user("t"),), {"forms/t.json": SHOWN}, ""),
    "a form that computes by it": ((user("t"),), {"forms/t.json": GIVEN}, ""),
    "who may do it": ((user("t", ld_person="dispute.amount"),), {"forms/t.json": form()}, ""),
    "what is asked of a register": ((service("t", "documents.record", **PAID),), {}, ""),
    "what a message carries": (
        (throw("t", event("message", "m")),), {}, message("m", "case.id", **PAID),
    ),
    "by what a message is known": (
        (throw("t", event("message", "m")),), {}, message("m", "dispute.amount"),
    ),
    "a letter that is recorded": (
        (service("t", "documents.record", kind='"x"'),), {"letters/x.typ": LETTER}, "",
    ),
    "a letter that is printed": (
        (user("t"),), {"forms/t.json": form(), "letters/x.typ": LETTER + b'//: tasks = ["t"]\n'}, "",
    ),
}  # fmt: skip


def drawn(kind, *fields):
    """A case that asks for these fields at its first step and reads the amount at its last."""
    parts, files, root = WORK[kind]
    xml = process(
        "start -> a -> t -> end", start("start"), user("a"), *parts, end("end"), root=root
    )
    return release(xml, {**FILES, "forms/a.json": form(*fields), **files})


@pytest.mark.parametrize("kind", WORK)
def test_whatever_reads_a_field_misses_it(kind):
    old, new = needs(drawn(kind, "facts", "amount")), needs(drawn(kind, "facts"))
    ahead = {("", "a"), ("", "t")}
    assert missing((old, ahead), (new, ahead), {}) == ("dispute.amount", "t")
    assert missing((old, ahead), (old, ahead), {}) is None
    assert missing((old, ahead), (new, ahead), {"dispute": {"amount": "5"}}) is None


def test_a_field_that_no_form_has_is_found_in_the_form_that_asks_for_it():
    shown = json.loads(one_field("/ask_note"))
    shown["ui"]["fields"]["/ask_note"]["show"] = "hear_nota = null"
    files = package(SOUND) | {"forms/ask.json": json.dumps(shown).encode()}
    assert codes(files) == {"name_never_written"}
    (found,) = check(files, "talk")
    assert (found.element, found.params["near"]) == ("ask", "hear_note")
