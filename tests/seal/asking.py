"""A case whose effect asks for the seal of the court."""

from __future__ import annotations

import hashlib
from itertools import count
from pathlib import Path

from engine.commands.signing_files import SIGNING
from engine.model import Paper
from engine.spiff import read_state
from tests.builders import process, release, service, user
from tests.builders import start as begin_at
from tests.cast import CLERK, JUDGE

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


def asked_to_sign(desk, store, digest, by=JUDGE, **changed):
    """The effect of a case in which somebody asks for a signature on a file; and its release."""
    said = {"task": "read", "signer": "judge", "place": "judge", "digest": digest} | changed
    given = {name: f'"{value}"' for name, value in said.items()} | {"ruling": RULING}
    xml = process(
        "start -> read -> sign -> end",
        begin_at("start", ld_role="TRIB_CLERK"),
        user("read", ld_role=f'"{by.grants[0].role}"'),
        service("sign", SIGNING, "signature", **given),
    )
    made = release(xml, {"forms/start.json": FORM, "forms/read.json": FORM})
    with store() as opened:
        opened.add_release(made, "designer", "designer2", desk.clock())
    case = desk.begin(CLERK, "p", {})
    with store() as opened:
        task = read_state(opened.case(case.id).state).tasks[0].id
    desk.answer(by, task, {})
    with store() as opened:
        return read_state(opened.case(case.id).state).effects[0].id, made.digest, case


def signed(desk, store, digest, by=JUDGE, **changed):
    """What the signature gives, taken in by nobody."""
    effect, _, _ = asked_to_sign(desk, store, digest, by, **changed)
    return desk.sign_own(effect, effect_params(store, effect))


SECOND = {"place": "clerk", "signer": "clerk", "by": CLERK}
PLACES = [{"name": name, "page": 2, "x": 150, "y": y}
          for name, y in (("judge", 700), ("clerk", 660), ("seal", 680))]  # fmt: skip


def laid_in(desk, store, letter):
    """The digest of a letter with places for judge, clerk and seal, made by a procedure that signs."""
    digest = desk.blobs.put(letter)
    _, made_by, case = asked_to_sign(desk, store, digest)
    with store() as opened:
        document = {"id": "d1", "kind": "ruling", "number": "1", "digest": digest, "data": {}}
        opened.add_document(case, document)
        paper = Paper("d1", 1, "ruling", made_by, "", desk.clock(), digest, len(letter), PLACES)
        opened.add_paper(paper)
    return digest


def twice_signed(desk, store, digest):
    """The digest of a file that judge and clerk have signed."""
    return signed(desk, store, signed(desk, store, digest)["digest"], **SECOND)["digest"]


def sealed(desk, store, digest):
    """The line of the ledger after the court's seal was asked for."""
    effect = asked(desk, store, desk.blobs.get(digest))
    desk.apply_seal(effect, effect_params(store, effect))
    with store() as opened:
        return opened.seal_use(effect)


TURN = count()
FORM = b'{"schema": {"type": "object", "properties": {}}, "ui": {"order": [], "fields": {}}}'


def effect_params(store, effect):
    with store() as opened:
        return opened.effect(effect)[1].params
