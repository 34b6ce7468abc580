"""A case whose effect asks for the seal of the court."""

from __future__ import annotations

import hashlib
from itertools import count
from pathlib import Path

from engine.spiff import read_state
from tests.builders import process, release, service
from tests.builders import start as begin_at
from tests.cast import CLERK

COURT = "yunxi-court"
DT_15 = (Path(__file__).parent.parent.parent / "bpmn/seal/dt_15_seal.dmn").read_bytes()
RULING = (
    '{number: "R1", case_no: "（2026）渝0199民特1号", court: "yunxi-court", judge: "judge", '
    'judge_signed_at: now(), clerk_signed_at: now(), digest: "DIGEST"}'
)


def asked(desk, store, letter, **changed):
    """The effect of a case that asks for the seal."""
    digest = hashlib.sha256(letter).hexdigest()
    said = {
        "seal": '""',
        "operator": '"seal"',
        "open_flag": '"NONE"',
        "ruling": RULING,
        "title": f'"{next(TURN)}"',
    }
    said |= {"digest": f'"{digest}"'} | changed
    given = {name: feel.replace("DIGEST", digest) for name, feel in said.items()}
    xml = process(
        "start -> apply -> end",
        begin_at("start", ld_role="TRIB_CLERK"),
        service("apply", "seal.apply", "seal.attempt", **given),
    )
    made = release(
        xml, {"dt_15_seal.dmn": DT_15, "forms/start.json": FORM, "shared/rules.toml": b""}
    )
    with store() as opened:
        opened.add_release(made, "designer", "designer2", desk.clock())
    case = desk.begin(CLERK, "p", {})
    with store() as opened:
        return read_state(opened.case(case.id).state).effects[0].id


TURN = count()
FORM = b'{"schema": {"type": "object", "properties": {}}, "ui": {"order": [], "fields": {}}}'


def effect_params(store, effect):
    with store() as opened:
        return opened.effect(effect)[1].params
