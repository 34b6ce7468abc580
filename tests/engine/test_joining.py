"""Putting somebody on record in an open dossier: its running cases know them, and they are asked."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from engine.commands import Engine
from engine.commands.joining import Newcomer
from engine.commands.visiting import Invitee
from engine.errors import EngineError
from engine.journal import verify
from engine.spiff import read_state
from tests.builders import BEGIN, process, release, start, user
from tests.cast import ADMIN, AUDITOR, CLERK, MEDIATOR
from tests.conftest import BPMN

SAID = {"zh": "答复", "en": "Answer"}
CREDITOR = Newcomer("王债权", "A")
PARTIES = [{"side": side, "kind": "NATURAL", "name": name} for side, name in ("A甲", "B乙")]
ROW = {name: {"type": "string", "ui": {"label": SAID}} for name in ("party", "says")}
ROWS = {"type": "array", "items": {"type": "object", "properties": ROW}}


def form(path, schema, **ui):
    name, field = path.strip("/").split("/") if path.count("/") > 1 else ("", path.strip("/"))
    inner = {"type": "object", "properties": {field: schema}}
    outer = {"type": "object", "properties": {name: inner}} if name else inner
    fields = {path: {"label": SAID}} if name else {}
    return json.dumps({"schema": outer, "ui": {"order": [path], "fields": fields, **ui}}).encode()


FILES = {
    "forms/start.json": form("/parties", {"$ref": "shared/types.json#/$defs/parties"}),
    "forms/hear.json": form(
        "/settlement/each", ROWS, party={"rows": "/settlement/each", "order": ["says"]}
    ),
    "shared/rules.toml": b"",
    "shared/types.json": (BPMN / "shared/types.json").read_bytes(),
}
XML = process(
    "start -> hear -> end",
    start("start", ld_role="TRIB_CLERK"),
    user("hear", ld_role="TRIB_JUDGE", ld_party="parties"),
    id="small",
)


@pytest.fixture
def desk(store, clock):
    with store() as opened:
        opened.add_release(release(XML, FILES), "designer", "designer2", BEGIN)
    return Engine(store, clock, {}, {})


@pytest.fixture
def case(desk):
    """A dispute in which every party is heard."""
    return desk.begin(CLERK, "small", {"/parties": PARTIES})


def refused(act, *args):
    with pytest.raises(EngineError) as told:
        act(*args)
    return told.value.code


def verbs(store, stream):
    with store() as opened:
        assert list(verify(opened.entries(stream))) == []
        return [(entry.verb, entry.actor) for entry, _ in opened.entries(stream)]


def test_the_running_case_knows_the_creditor_and_asks_them(desk, store, case):
    creditor = desk.put_on_record(CLERK, case.dossier, CREDITOR, "执行和解的债权人")
    asked = desk.invite(CLERK, case.dossier, Invitee(creditor.id)).invitation
    with store() as opened:
        known = read_state(opened.case(case.id).state).data["parties"]
        (theirs,) = desk.their_tasks(opened, asked)
    assert [one["name"] for one in known] == ["甲", "乙", "王债权"]
    assert (asked.role, theirs.element) == ("PARTY_A", "hear")


def test_dossier_and_case_say_who_put_them_on_record(desk, store, case):
    desk.put_on_record(CLERK, case.dossier, CREDITOR, "执行和解的债权人")
    assert verbs(store, f"dossier:{case.dossier}")[-1] == ("put_on_record", "clerk")
    assert verbs(store, f"case:{case.id}")[-1] == ("party_changed", "clerk")


@pytest.mark.parametrize("who", [ADMIN, AUDITOR, MEDIATOR], ids=lambda who: who.person)
def test_only_who_works_on_the_dossier_puts_on_record(desk, case, who):
    assert refused(desk.put_on_record, who, case.dossier, CREDITOR, "补登") == "may_not_invite"


@pytest.mark.parametrize(
    ("newcomer", "reason", "code"),
    [
        (CREDITOR, " ", "say_why"),
        (Newcomer(" ", "A"), "补登", "nobody_to_record"),
        (Newcomer("王债权", "C"), "补登", "nobody_to_record"),
        (Newcomer("王债权", "A", "GHOST"), "补登", "nobody_to_record"),
        (Newcomer("甲", "A"), "补登", "on_record_already"),
    ],
)
def test_what_puts_nobody_on_record(desk, store, case, newcomer, reason, code):
    assert refused(desk.put_on_record, CLERK, case.dossier, newcomer, reason) == code
    with store() as opened:
        assert len(opened.parties(case.dossier)) == 2


def test_while_a_case_is_stopped_nobody_joins_behind_its_back(desk, store, case):
    with store() as opened:
        opened.touch_case(replace(case, status="held"))
    assert refused(desk.put_on_record, CLERK, case.dossier, CREDITOR, "补登") == "dossier_stopped"
