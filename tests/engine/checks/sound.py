"""A small procedure without a finding, to break in one place at a time."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from engine.layout import layout

SHARED = Path(__file__).parents[3] / "bpmn/shared"


def english(en: str, target: str = "@name") -> str:
    return f'<i18n:translation target="{target}" xml:lang="en">{en}</i18n:translation>'


def user(id: str, zh: str, en: str, basis: str = "S6-3") -> str:
    """A user task with label, purpose and basis."""
    return (
        f'<userTask id="{id}" name="{zh}"><documentation>{zh}说明</documentation>'
        f"<extensionElements>{english(en)}{english(en + ' in plain words', 'documentation')}"
        f'<ld:basis ref="{basis}"/></extensionElements></userTask>'
    )


def named(tag: str, id: str, zh: str, en: str, *inside: str, **attributes: str) -> str:
    """Any element with both labels; ``inside`` follows the extension elements."""
    said = "".join(f' {key.replace("_", ":")}="{value}"' for key, value in attributes.items())
    return (
        f'<{tag} id="{id}" name="{zh}"{said}><extensionElements>{english(en)}'
        f"</extensionElements>{''.join(inside)}</{tag}>"
    )


def flow(id: str, source: str, target: str, condition: str = "", zh: str = "") -> str:
    words = f"<extensionElements>{english(id)}</extensionElements>" if zh else ""
    text = f"<conditionExpression>{condition}</conditionExpression>" if condition else ""
    name = f' name="{zh}"' if zh else ""
    return (
        f'<sequenceFlow id="{id}"{name} sourceRef="{source}" targetRef="{target}">'
        f"{words}{text}</sequenceFlow>"
    )


TASKS = ("ask", "hear", "record")
PARTS = (
    named("startEvent", "asked", "已提出", "Asked"),
    user("ask", "询问", "Ask"),
    named("exclusiveGateway", "agreed", "同意吗？", "Agreed?", default="no"),
    '<parallelGateway id="split"/>',
    user("hear", "听取", "Hear"),
    user("record", "记录", "Record"),
    '<parallelGateway id="join"/>',
    named("endEvent", "settled", "已了结", "Settled"),
    named("endEvent", "closed", "已结束", "Closed"),
    flow("f1", "asked", "ask"),
    flow("f2", "ask", "agreed"),
    flow("yes", "agreed", "split", "dispute.agreed", "是"),
    flow("no", "agreed", "closed", "", "否"),
    flow("f3", "split", "hear"),
    flow("f4", "split", "record"),
    flow("f5", "hear", "join"),
    flow("f6", "record", "join"),
    flow("f7", "join", "settled"),
)


def sound_xml(*more: str, parts: tuple[str, ...] = PARTS, root: str = "") -> str:
    lane = named("lane", "mediation", "调解员", "Mediator", *_refs(), ld_role="MEDIATOR")
    head = (
        '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" '
        'xmlns:i18n="http://www.omg.org/spec/BPMN/non-normative/extensions/i18n/1.0" '
        'xmlns:ld="urn:liandiao:bpmn:1" xmlns:camunda="http://camunda.org/schema/1.0/bpmn">'
    )
    return (
        f'{head}{root}<process id="talk" name="谈话" isExecutable="true"><extensionElements>'
        f"{english('Talk')}</extensionElements><laneSet>{lane}</laneSet>"
        f"{''.join(parts)}{''.join(more)}</process></definitions>"
    )


def _refs() -> list[str]:
    inside = ("asked", "ask", "agreed", "split", "hear", "record", "join", "settled", "closed")
    return [f"<flowNodeRef>{name}</flowNodeRef>" for name in inside]


def form(pointer: str, kind: str = "string", **more: object) -> bytes:
    """A form with one field; ``more`` goes into its schema."""
    schema: dict[str, object] = {"type": kind, **more}
    for name in reversed(pointer.strip("/").split("/")):
        schema = {"type": "object", "properties": {name: schema}}
    words = {"label": {"zh": "栏", "en": "Field"}}
    return json.dumps(
        {"schema": schema, "ui": {"order": [pointer], "fields": {pointer: words}}}
    ).encode()


@cache
def drawn(xml: str) -> bytes:
    return layout(xml.encode(), quick=True)


def package(xml: str) -> dict[str, bytes]:
    """All files of the procedure, its diagram laid out."""
    files = {f"shared/{one.name}": one.read_bytes() for one in SHARED.glob("*.toml")}
    files |= {f"forms/{task}.json": form(f"/{task}_note") for task in TASKS}
    files["forms/start.json"] = form("/dispute/agreed", "boolean")
    return files | {"process.bpmn": drawn(xml)}
