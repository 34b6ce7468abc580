"""Registers as values: what a file describes, which version holds, what forms read of them."""

from __future__ import annotations

import json
from datetime import date

import pytest

from engine.books import BOOKS
from engine.commands.registers import Change
from engine.errors import Conflict, Invalid, NotAllowed
from engine.forms import read_form
from engine.registers import as_fact, holding, read_by, read_register, read_registers
from engine.spiff import read_state
from tests.builders import BEGIN, process, release, start, user
from tests.cast import ADMIN, CLERK, MEDIATOR
from tests.conftest import BPMN

REGISTERS = read_registers(BPMN / "shared")
ROSTER = REGISTERS["mediators"]
LI = {
    **{"/person": ["mediator"], "/org": ["shiqiao-committee"]},
    **{"/status": ["ACTIVE"], "/invited": ["true"]},
}
MARCH = date(2026, 3, 1)


def test_every_register_names_the_clause_that_demands_it_or_belongs_to_dossiers():
    assert [name for name, one in REGISTERS.items() if not one.clauses and name != "links"] == []


def test_a_register_whose_list_names_no_field_of_its_form_is_refused():
    path = BPMN / "shared" / "registers" / "rooms.json"
    wrong = path.read_bytes().replace(b'"columns": ["/name"', b'"columns": ["/nome"')
    with pytest.raises(Invalid, match="register_unfit"):
        read_register("rooms", wrong, (BPMN / "shared" / "types.json").read_bytes())


def test_only_who_keeps_a_register_records_in_it(desk):
    with pytest.raises(NotAllowed, match="register_not_yours"):
        desk.record(MEDIATOR, ROSTER, Change(LI, MARCH))


def test_an_entry_that_ends_and_one_that_begins_later(desk, store):
    made = desk.record(ADMIN, ROSTER, Change(LI, MARCH))
    later = Change(LI | {"/status": ["SUSPENDED"]}, date(2026, 4, 1), None, "停职", made.entry, 1)
    desk.record(ADMIN, ROSTER, later)
    end = Change({}, MARCH, date(2026, 3, 15), "离任", made.entry, 2)
    with pytest.raises(Conflict, match="entry_begins_later"):
        desk.end(ADMIN, made.entry, ROSTER, end)
    with store() as opened:
        versions = list(opened.versions(made.entry))
    status = [as_fact(holding(versions, date(2026, month, 2)))["status"] for month in (3, 4)]
    assert status == ["ACTIVE", "SUSPENDED"]


def test_recording_the_same_again_makes_no_version(desk):
    made = desk.record(ADMIN, ROSTER, Change(LI, MARCH))
    assert desk.record(ADMIN, ROSTER, Change(LI, MARCH, None, "", made.entry, 1)) is None


def test_a_person_who_is_nobody_cannot_be_on_a_roster(desk):
    with pytest.raises(Invalid) as refused:
        desk.record(ADMIN, ROSTER, Change(LI | {"/person": ["ghost"]}, MARCH))
    assert [problem.pointer for problem in refused.value.problems] == ["/person"]


def test_forms_read_only_registers_that_there_are():
    types = (BPMN / "shared" / "types.json").read_bytes()
    read = {
        name
        for path in BPMN.glob("*/forms/*.json")
        if b"registers." in path.read_bytes()
        for name in read_by(read_form(path.read_bytes(), types))
    }
    assert read == {"mediators", "hospitals", *BOOKS}


def test_a_task_sees_the_roster_as_it_holds_that_day(desk, store, clock):
    case = choosing(desk, store)
    task = read_state(case.state).tasks[0].id
    desk.claim(CLERK, task)
    ended = Change(LI, MARCH, date(2026, 3, 1))
    desk.record(ADMIN, ROSTER, ended)
    another = Change(LI | {"/person": ["mediator2"]}, MARCH)
    desk.record(ADMIN, ROSTER, another)
    with pytest.raises(Invalid, match="form_problems"):
        desk.answer(CLERK, task, {"/who": "mediator"})
    assert desk.answer(CLERK, task, {"/who": "mediator2"}).case.status == "ended"


def choosing(desk, store):
    """A case in which a clerk names a mediator of the roster."""
    check = "some m in registers.mediators satisfies m.person = who"
    label = {"zh": "调解员", "en": "Mediator"}
    who = {"label": label, "check": check, "say": label}
    form = {
        "schema": {"type": "object", "properties": {"who": {"type": "string"}}},
        "ui": {"order": ["/who"], "fields": {"/who": who}},
    }
    empty = {"schema": {"type": "object", "properties": {}}, "ui": {"order": [], "fields": {}}}
    files = {"forms/start.json": json.dumps(empty).encode()}
    files |= {"forms/choose.json": json.dumps(form).encode(), "shared/rules.toml": b""}
    xml = process(
        "start -> choose -> end",
        *(start("start", ld_role="TRIB_CLERK"), user("choose", ld_role="TRIB_CLERK")),
        id="choosing",
    )
    with store() as opened:
        opened.add_release(release(xml, files), "designer", "designer2", BEGIN)
    return desk.begin(CLERK, "choosing", {})
