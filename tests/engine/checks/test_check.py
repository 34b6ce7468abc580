"""Each rule refuses exactly what breaks it, in words that help; a sound procedure passes all."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from engine.checks import check
from engine.package import read_package
from engine.texts import text
from tests.engine.checks.sound import (
    PARTS,
    drawn,
    english,
    flow,
    form,
    named,
    package,
    sound_xml,
    user,
)

BPMN = Path(__file__).parents[3] / "bpmn"
SOUND = sound_xml()
LOOSE_TASK = named("manualTask", "loose", "孤立", "Loose")
DAY = "<timerEventDefinition><timeDuration>P1D</timeDuration></timerEventDefinition>"
INNER = (
    named("startEvent", "begun", "开始", "Begun")
    + user("inside", "内部", "Inside")
    + named("endEvent", "done", "完成", "Done")
    + flow("i1", "begun", "inside")
)


def codes(files: dict[str, bytes], procedure: str = "talk") -> set[str]:
    findings = check(files, procedure)
    for one in findings:
        for lang in ("zh", "en"):
            assert len(text(one.code, lang, one.params)) > 5
            assert len(text(f"{one.code}_hint", lang, one.params)) > 5
    return {one.code for one in findings}


def replaced(*pairs: tuple[str, str]) -> dict[str, bytes]:
    """The sound package with its diagram changed, then laid out."""
    xml = SOUND
    for old, new in pairs:
        assert old in xml
        xml = xml.replace(old, new, 1)
    return package(xml)


def redrawn(old: str, new: str) -> dict[str, bytes]:
    """The sound package with its laid-out diagram changed."""
    files = package(SOUND)
    xml = files["process.bpmn"].decode()
    assert old in xml
    return files | {"process.bpmn": xml.replace(old, new, 1).encode()}


def with_step(step: str, root: str = "") -> dict[str, bytes]:
    """A step ``extra`` between the question and the choice."""
    parts = [*PARTS, step, flow("g1", "ask", "extra"), flow("g2", "extra", "agreed")]
    parts.remove(flow("f2", "ask", "agreed"))
    listed = "<flowNodeRef>ask</flowNodeRef>"
    xml = sound_xml(parts=tuple(parts), root=root)
    return package(xml.replace(listed, listed + "<flowNodeRef>extra</flowNodeRef>"))


def service(operation: str) -> str:
    return named("serviceTask", "extra", "编号", "Number", ld_operation=operation, ld_result="a.b")


def script(content: str, kind: str = "feel", result: str = "a.b") -> str:
    inside = f"<script>{content}</script>"
    return named(
        "scriptTask", "extra", "计算", "Compute", inside, scriptFormat=kind, ld_result=result
    )


def decision(id: str = "dt_x", file: str = "dt_x") -> dict[str, bytes]:
    table = (
        f'<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" namespace="n" name="n">'
        f'<decision id="{id}" name="{id}"><variable name="{id}"/><literalExpression>'
        "<text>1</text></literalExpression></decision></definitions>"
    )
    return {f"{file}.dmn": table.encode()}


def table(*cells: str, policy: str = "UNIQUE") -> dict[str, bytes]:
    """A decision table with one input; each cell is a row."""
    rows = "".join(
        f"<rule><inputEntry><text>{cell}</text></inputEntry>"
        f"<outputEntry><text>1</text></outputEntry></rule>"
        for cell in cells
    )
    logic = (
        f'<decisionTable hitPolicy="{policy}"><input label="n"><inputExpression><text>n</text>'
        f"</inputExpression></input><output/>{rows}</decisionTable>"
    )
    literal = "<literalExpression><text>1</text></literalExpression>"
    return {"dt_x.dmn": decision()["dt_x.dmn"].replace(literal.encode(), logic.encode())}


def ruled() -> dict[str, bytes]:
    attributes = {"ld_decision": "dt_x", "ld_result": "a.b"}
    return with_step(named("businessRuleTask", "extra", "判断", "Decide", **attributes))


def called(name: str) -> dict[str, bytes]:
    return with_step(named("callActivity", "extra", "调用", "Call", calledElement=name))


def other_procedure(calls: str = "") -> dict[str, bytes]:
    xml = SOUND.replace('id="talk"', 'id="other"')
    if calls:
        step = named("callActivity", "hear", "调用", "Call", calledElement=calls)
        xml = xml.replace(user("hear", "听取", "Hear"), step)
    tasks = {"ask", "record"} if calls else {"ask", "hear", "record"}
    files = {f"call/other/forms/{task}.json": form(f"/{task}_note") for task in tasks}
    return files | {"call/other/process.bpmn": drawn(xml)}


def without(files: dict[str, bytes], name: str) -> dict[str, bytes]:
    return {key: value for key, value in files.items() if key != name}


def clocked(marks: str) -> dict[str, bytes]:
    basis = '<ld:basis ref="S6-3"/>'
    return replaced((basis, f"{basis}<ld:clock {marks}/>"))


def thrown(definition: str, root: str = "") -> dict[str, bytes]:
    return with_step(named("intermediateThrowEvent", "extra", "通知", "Notify", definition), root)


GONE = "<flowNodeRef>gone</flowNodeRef><flowNodeRef>ask<"
LATE = named("boundaryEvent", "late", "逾期", "Late", DAY, attachedToRef="gone")
BACK = flow("f7", "join", "settled") + flow("f8", "join", "asked")
OTHERWISE = "<conditionExpression>not(dispute.agreed)</conditionExpression>"
HEAR = user("hear", "听取", "Hear")
EMPTY = SOUND.split("<process")[0].encode() + b"</definitions>"
MARKED = '<userTask camunda:assignee="me" id="hear"'
SAME = {"forms/hear.json": form("/note"), "forms/record.json": form("/note")}
HEALTH = form("/x").replace(b'"label"', b'"health": true, "label"')
KINDS = {"forms/ask.json": form("/x"), "forms/hear.json": form("/x", "number")}


def renamed(old: str, new: str) -> dict[str, bytes]:
    """The sound package with an element's id changed wherever it stands."""
    places = ('id="{}"', "<flowNodeRef>{}<", 'targetRef="{}"', 'sourceRef="{}"')
    xml = SOUND
    for place in places:
        xml = xml.replace(place.format(old), place.format(new))
    return package(xml)


CASES: dict[str, Callable[[], dict[str, bytes]]] = {
    "diagram_missing": lambda: without(package(SOUND), "process.bpmn"),
    "xml_broken": lambda: package(SOUND) | {"process.bpmn": b"<definitions"},
    "xml_doctype": lambda: package(SOUND) | {"process.bpmn": b"<!DOCTYPE d><d/>"},
    "xml_too_large": lambda: package(SOUND) | {"process.bpmn": b" " * 6_000_000},
    "xml_too_many_elements": lambda: package(SOUND) | {"process.bpmn": b"<d>" + b"<e/>" * 30_000},
    "xml_not_bpmn": lambda: package(SOUND) | {"process.bpmn": b"<html/>"},
    "xml_no_process": lambda: package(SOUND) | {"process.bpmn": EMPTY},
    "process_count": lambda: redrawn(' isExecutable="true"', ""),
    "process_id": lambda: replaced(('id="talk"', 'id="chat"')),
    "id_twice": lambda: redrawn('id="f7"', 'id="f6"'),
    "flow_dangling": lambda: redrawn('targetRef="settled"', 'targetRef="gone"'),
    "flow_across": lambda: with_step(
        named("subProcess", "extra", "子流程", "Part", INNER, flow("i2", "inside", "closed"))
    ),
    "default_unknown": lambda: with_step(
        named("manualTask", "extra", "另一步", "Extra", default="f1")
    ),
    "flow_misplaced": lambda: replaced((flow("f7", "join", "settled"), BACK)),
    "boundary_loose": lambda: replaced((PARTS[0], PARTS[0] + LATE)),
    "lane_lists_unknown": lambda: redrawn("<flowNodeRef>ask<", GONE),
    "unreachable": lambda: replaced((PARTS[0], PARTS[0] + LOOSE_TASK + flow("f0", "loose", "ask"))),
    "no_end": lambda: replaced(
        (PARTS[0], PARTS[0] + LOOSE_TASK),
        (PARTS[-1], PARTS[-1] + flow("f9", "split", "loose")),
    ),
    "gateway_without_default": lambda: replaced(
        (' default="no"', ""), ('targetRef="closed">', f'targetRef="closed">{OTHERWISE}')
    ),
    "call_unknown": lambda: called("nobody"),
    "call_recursive": lambda: called("other") | other_procedure("talk"),
    "label_missing": lambda: replaced(
        (HEAR, user("hear", "", "Hear").replace(english("Hear"), ""))
    ),
    "label_missing_zh": lambda: replaced(('name="听取"', 'name=""')),
    "label_missing_en": lambda: replaced((english("Hear"), "")),
    "purpose_missing_zh": lambda: replaced(("<documentation>听取说明</documentation>", "")),
    "purpose_missing_en": lambda: replaced((english("Hear in plain words", "documentation"), "")),
    "basis_missing": lambda: replaced(('<ld:basis ref="S6-3"/>', "")),
    "id_style": lambda: renamed("split", "Split1"),
    "end_not_participle": lambda: renamed("closed", "finish"),
    "choice_not_question": lambda: replaced(('name="同意吗？"', 'name="同意"')),
    "declared_unnamed": lambda: package(sound_xml(root='<message id="m"/>')),
    "declared_without_code": lambda: package(sound_xml(root='<error id="e" name="E"/>')),
    "role_unregistered": lambda: replaced(('ld:role="MEDIATOR"', 'ld:role="WIZARD"')),
    "role_missing": lambda: replaced((' ld:role="MEDIATOR"', "")),
    "apart_unknown": lambda: replaced(('id="record"', 'id="record" ld:not="hear nobody"')),
    "apart_misplaced": lambda: replaced(('id="agreed"', 'id="agreed" ld:not="ask"')),
    "apart_same_person": lambda: replaced(
        ('id="ask"', 'id="ask" ld:person="hear_note"'),
        ('id="record"', 'id="record" ld:person="hear_note" ld:not="ask"'),
    ),
    "health_role": lambda: package(SOUND) | {"forms/hear.json": HEALTH},
    "role_several": lambda: replaced(('ld:role="MEDIATOR"', 'ld:role="MEDIATOR TRIB_CLERK"')),
    "rule_unknown": lambda: clocked('rule="never_heard_of" starts="enter"'),
    "clock_moment": lambda: clocked('rule="file_or_refuse_suit"'),
    "rules_unreadable": lambda: package(SOUND) | {"shared/rules.toml": b"[x]\nrow = 1"},
    "citation_not_found": lambda: replaced(('ref="S6-3"', 'ref="S99-1"')),
    "setting_unknown_here": lambda: replaced((">dispute.agreed<", ">settings.no_such_thing<")),
    "event_undeclared": lambda: thrown('<escalationEventDefinition escalationRef="gone"/>'),
    "operation_unknown": lambda: with_step(service("magic.do")),
    "decision_file_missing": lambda: ruled(),
    "decision_unreadable": lambda: ruled() | {"dt_x.dmn": b"<definitions/>"},
    "decision_other_id": lambda: ruled() | decision("dt_other"),
    "form_file_missing": lambda: without(package(SOUND), "forms/ask.json"),
    "form_file_extra": lambda: package(SOUND) | {"forms/nobody.json": form("/x")},
    "expression_invalid": lambda: replaced((">dispute.agreed<", ">dispute.agreed =<")),
    "call_gives_null": lambda: replaced((">dispute.agreed<", ">not(dispute.agreed, 1)<")),
    "name_never_written": lambda: replaced((">dispute.agreed<", ">ask.outcom<")),
    "table_overlap": lambda: ruled() | table("&lt;= 5", "&gt;= 5"),
    "table_gap": lambda: ruled() | table("&lt; 5", "&gt; 5"),
    "table_dead_row": lambda: ruled() | table("-", "&lt; 5", policy="FIRST"),
    "result_missing": lambda: with_step(script("1", result="")),
    "result_not_path": lambda: with_step(script("1", result="a/b")),
    "foreign_dialect": lambda: replaced(('<userTask id="hear"', MARKED)),
    "branches_write": lambda: package(SOUND) | SAME,
    "form_type_differs": lambda: package(SOUND) | KINDS,
    "layout_missing": lambda: redrawn('bpmnElement="hear"', 'bpmnElement="nothing"'),
}


def test_a_sound_procedure_has_no_finding() -> None:
    assert check(package(SOUND), "talk") == []


@pytest.mark.parametrize("code", CASES)
def test_a_rule_finds_exactly_what_breaks_it(code: str) -> None:
    assert codes(CASES[code]()) == {code}


PROCEDURES = sorted(one.parent for one in BPMN.glob("*/process.bpmn"))


@pytest.mark.parametrize("folder", PROCEDURES, ids=lambda folder: folder.name)
def test_the_bundled_procedures_have_no_finding(folder: Path) -> None:
    found = check(read_package(folder), folder.name)
    assert [text(one.code, "en", one.params) for one in found] == []


def test_findings_of_a_called_procedure_name_its_file() -> None:
    files = called("other") | other_procedure()
    del files["call/other/forms/ask.json"]
    (found,) = check(files, "talk")
    assert (found.file, found.element) == ("call/other/process.bpmn", "ask")


def test_a_misspelt_name_is_answered_with_the_nearest() -> None:
    (found,) = check(CASES["name_never_written"](), "talk")
    assert (found.level, found.params["near"]) == ("warning", "ask.outcome")


def test_a_gap_stops_publication_where_a_gateway_waits_for_the_result() -> None:
    waits = (">dispute.agreed<", ">a.b = 1<")
    files = ruled() | table("&lt; 5", "&gt; 5")
    xml = files["process.bpmn"].decode().replace(*waits)
    otherwise = xml.replace(' default="no"', "")
    levels = [
        next(one.level for one in check(files | {"process.bpmn": text.encode()}, "talk"))
        for text in (xml, otherwise)
    ]
    assert levels == ["warning", "error"]


def test_a_refused_expression_says_why_in_both_languages() -> None:
    (found,) = check(CASES["expression_invalid"](), "talk")
    assert "dispute.agreed =" in text(found.code, "zh", found.params)
    assert found.params["reason_zh"] != found.params["reason_en"]


def test_what_the_step_cannot_run_is_refused() -> None:
    complex_gateway = named("complexGateway", "extra", "复杂", "Complex")
    assert codes(with_step(complex_gateway)) == {"element_refused"}


def test_branches_may_write_different_leaves_and_what_follows_the_join_is_free() -> None:
    files = package(SOUND)
    files |= {"forms/hear.json": form("/one"), "forms/record.json": form("/other")}
    assert codes(files) == set()
