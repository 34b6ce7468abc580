"""Event logs: what tools of process mining read, the same bytes each time, nothing that was written."""

from __future__ import annotations

import csv
import json
from collections import Counter
from io import StringIO
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator, FormatChecker

from storage import queries
from storage.queries.viewer import Viewer
from tests.cast import ADMIN, AUDITOR, CLERK
from tests.storage.builders import certify
from webui.cli import main
from webui.eventlogs import event_log

X = "{http://www.xes-standard.org/}"
NAMED = {"type": "object", "required": ["name", "type"], "properties": {"name": {"type": "string"}}}
NAMED["properties"]["type"] = {"enum": ["string", "time", "integer", "float", "boolean"]}
RELATED = {"type": "object", "required": ["objectId", "qualifier"]}
TYPES = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["name", "attributes"],
        "properties": {"attributes": {"type": "array", "items": NAMED}},
    },
}
TIMED = {"time": {"type": "string", "format": "date-time"}}


def things(required, attribute, **more):
    """An array of events or objects as the OCEL 2.0 specification describes them."""
    known = {"attributes": {"type": "array", "items": attribute}, **more}
    known["relationships"] = {"type": "array", "items": RELATED}
    return {
        "type": "array",
        "items": {"type": "object", "required": required, "properties": known},
    }


VALUE = {"type": "object", "required": ["name", "value"]}
TIMED_VALUE = {"type": "object", "required": ["name", "value", "time"], "properties": TIMED}
OCEL = {
    "type": "object",
    "required": ["eventTypes", "objectTypes", "events", "objects"],
    "properties": {
        "eventTypes": TYPES,
        "objectTypes": TYPES,
        "events": things(["id", "type", "time"], VALUE, **TIMED),
        "objects": things(["id", "type"], TIMED_VALUE),
    },
}


@pytest.fixture
def worked(built, case, task):
    built.engine.claim(CLERK, task)
    built.engine.complete(CLERK, task, {"/dispute/facts": "楼上漏水"}, "accept")
    built.engine.begin(CLERK, "small", {"/dispute/title": "围墙"})
    return case


def log(built, form, lang="zh", viewer=None, **narrowed):
    with built.read() as db:
        cases = queries.logged_cases(db, viewer or Viewer(ADMIN), **narrowed)
        return "".join(event_log(built.store_on(db), cases, form, lang))


def test_xes_has_a_trace_for_each_case_and_an_event_for_each_entry(built, worked):
    root = ElementTree.fromstring(log(built, "xes"))
    assert root.tag == f"{X}log"
    order = [child.tag.removeprefix(X) for child in root]
    assert order == sorted(order, key=["extension", "global", "classifier", "trace"].index)
    events = root.findall(f"{X}trace/{X}event")
    named = [event.find(f"{X}string[@key='concept:name']").get("value") for event in events]
    assert named == ["发起", "核查", "核查", "发起"]
    for event in events:
        keys = [child.get("key") for child in event]
        assert {"concept:name", "lifecycle:transition", "time:timestamp"} <= set(keys)
        assert len(keys) == len(set(keys))


def test_every_key_of_xes_belongs_to_a_declared_extension_or_to_us(built, worked):
    root = ElementTree.fromstring(log(built, "xes"))
    declared = {one.get("prefix") for one in root.findall(f"{X}extension")} | {"liandiao"}
    keys = {one.get("key") for one in root.iter() if one.get("key")}
    assert {key.split(":")[0] for key in keys} <= declared


def test_ocel_follows_its_specification(built, worked):
    told = json.loads(log(built, "ocel"))
    Draft202012Validator(OCEL, format_checker=FormatChecker()).validate(told)
    events, objects = told["events"], told["objects"]
    ids = [one["id"] for one in objects]
    assert len(ids) == len(set(ids))
    related = [r["objectId"] for one in events + objects for r in one["relationships"]]
    assert set(related) <= set(ids)
    for things_, types in ((events, told["eventTypes"]), (objects, told["objectTypes"])):
        known = {one["name"]: {a["name"] for a in one["attributes"]} for one in types}
        for one in things_:
            assert {a["name"] for a in one["attributes"]} <= known[one["type"]]


def test_the_three_forms_tell_the_same_events(built, worked):
    rows = list(csv.DictReader(StringIO(log(built, "csv"))))
    root = ElementTree.fromstring(log(built, "xes"))
    told = json.loads(log(built, "ocel"))
    by_case = Counter(row["case"] for row in rows)
    assert by_case == Counter(one["id"].split(":")[0] for one in told["events"])
    assert sorted(by_case.values()) == sorted(len(t) - 5 for t in root.findall(f"{X}trace"))
    assert [row["time"] for row in rows] == [one["time"] for one in told["events"]]


@pytest.mark.parametrize("form", ["xes", "ocel", "csv"])
def test_the_same_cases_give_the_same_bytes(built, worked, form):
    assert log(built, form) == log(built, form)
    assert log(built, form) != log(built, form, lang="en")
    for written in ("楼上漏水", "邻里漏水", CLERK.name):
        assert written not in log(built, form)


def test_one_case_one_dossier_or_one_procedure(built, worked):
    rows = list(csv.DictReader(StringIO(log(built, "csv", of=worked.id))))
    assert {row["case"] for row in rows} == {worked.id}
    assert log(built, "csv", of=rows[0]["dossier"]) == log(built, "csv", of=worked.id)
    assert log(built, "csv", procedure="small") == log(built, "csv")
    assert len(log(built, "csv", procedure="none").splitlines()) == 1


def test_nobody_gets_cases_of_dossiers_they_do_not_see(built, worked):
    far = Viewer(AUDITOR, tuple((grant.org, "110000") for grant in AUDITOR.grants))
    assert len(log(built, "csv", viewer=far).splitlines()) == 1


def test_an_erased_entry_is_still_an_event(built, worked):
    before = log(built, "csv")
    with built.open_store() as store:
        store.erase(f"case:{worked.id}", 1, certify(store, worked.dossier))
    assert log(built, "csv") == before


def test_the_page_gives_them_to_auditors_and_the_journal_says_so(browser, built, worked):
    auditor = browser("auditor").get("/journal")
    assert "流程挖掘" in auditor.text
    response = auditor.client.get(f"/journal/log.ocel?of={worked.id}")
    assert response.mimetype == "application/json"
    assert response.text == log(built, "ocel", of=worked.id)
    assert auditor.get("/journal/log.xes?of=nothing").status == 404
    assert browser("clerk").get("/journal/log.xes").status == 403
    with built.open_store() as store:
        taken = [p.data["sought"] for e, p in store.entries("person:auditor") if e.verb == "search"]
        read = [e.actor for e, _ in store.entries(f"dossier:{worked.dossier}") if e.verb == "read"]
    assert taken == [{"procedure": "", "of": worked.id, "taken": "ocel"}]
    assert read == ["auditor"]


def test_the_command_writes_the_same_file(built, worked, tmp_path, monkeypatch):
    monkeypatch.setenv("LIANDIAO_DATA", str(built.config.data))
    monkeypatch.setenv("LIANDIAO_LANG", "zh")
    path = tmp_path / "log.xes"
    done = CliRunner().invoke(main, ["events", "--procedure", "small", "--to", str(path)])
    assert done.exit_code == 0, done.output
    assert path.read_text("utf-8") == log(built, "xes")
