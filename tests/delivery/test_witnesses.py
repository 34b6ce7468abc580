"""Heads of the log sent outside: by mail, to another office, to several."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from engine.exchange.signing import public_text, verify
from engine.services.delivery import Mail, Platform
from engine.services.witnesses import HookWitness, MailWitness
from tests.builders import BEGIN
from tests.delivery.mailbox import serving
from tests.delivery.test_notices import platform
from webui.sealing import tending

NOTE = "liandiao/0123\n7\nroot\n\n— liandiao/0123 signature\n"
KEY = Ed25519PrivateKey.generate()


def test_a_mailbox_keeps_the_whole_note_under_one_id():
    with serving() as (box, address):
        mail = Mail(f"smtp://{address}", "court@example.cn", lambda: BEGIN, seconds=5)
        witness = MailWitness(mail, "archive@example.cn")
        answers = {witness.keep(7, NOTE), witness.keep(7, NOTE)}
    assert answers == {b"<checkpoint-000000000007@example.cn>"}
    assert box.mails[0].get_content().replace("\r\n", "\n") == NOTE


def test_another_office_takes_it_signed_and_its_answer_is_kept():
    with platform([201]) as (address, came):
        witness = HookWitness(Platform(address, lambda: KEY, lambda: BEGIN), address)
        assert witness.keep(7, NOTE) == b"T-7"
    request, body = came[0]
    verify(request, body, (public_text(KEY),), (BEGIN, timedelta(minutes=5)))
    assert NOTE.split("\n")[0] in body.decode()


def test_one_witness_that_fails_keeps_no_other_from_its_head(built, case, tmp_path, caplog):
    told = ("tsa:http://127.0.0.1:1/", str(tmp_path / "share"))
    built.config = replace(built.config, witness=told)
    tending(built)()
    assert len(list((tmp_path / "share").iterdir())) == 1
    assert "witness_failed" in caplog.text
