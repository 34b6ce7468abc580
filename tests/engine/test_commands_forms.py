"""What a form names must exist where it is kept: the office does not answer to made-up ids."""

from __future__ import annotations

import pytest

from engine.errors import Invalid
from tests.builders import process, release
from tests.builders import start as begin_at
from tests.cast import CLERK
from tests.engine.test_commands import form

XML = process("start -> end", begin_at("start", ld_role="TRIB_CLERK"))


@pytest.fixture
def office(desk, store):
    """A procedure whose first form asks for an organisation and a person."""
    fields = {"org": {"format": "organisation"}, "who": {"format": "person"}}
    files = {"forms/start.json": form(**fields), "shared/rules.toml": b""}
    with store() as opened:
        opened.add_release(release(XML, files), "designer", "designer2", desk.clock())
    return desk


def test_known_ones_are_taken(office):
    known = {"/dispute/org": ["shiqiao-committee"], "/dispute/who": ["mediator"]}
    assert office.start(CLERK, "p", known).status == "ended"


def test_made_up_ones_are_refused_at_their_fields(office):
    with pytest.raises(Invalid) as refusal:
        office.start(CLERK, "p", {"/dispute/org": ["nowhere"], "/dispute/who": ["nobody"]})
    said = {problem.pointer: problem.code for problem in refusal.value.problems}
    assert said == {
        "/dispute/org": "form_format_organisation",
        "/dispute/who": "form_format_person",
    }
