"""Time-stamps asked over HTTP: a good answer, nonsense, and an authority that hangs."""

from __future__ import annotations

import asyncio
import socket
import threading
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import repeat

import pytest
from asn1crypto import tsp

from engine.errors import Failed
from engine.services.seal.stamping import ANSWER, TRIES, AskedStamps, OwnStamps
from tests.seal.offices import mark, signed_by


@contextmanager
def serving(answer):
    """A time-stamp authority on this machine; yields its address and the list of requests."""
    asked = []

    class Desk(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            asked.append(body)
            kind, said = answer(body)
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.end_headers()
            with suppress(OSError):  # whoever has heard enough hangs up
                for piece in [said] if isinstance(said, bytes) else said:
                    self.wfile.write(piece)

        def log_message(self, *said):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Desk)
    thread = threading.Thread(target=server.serve_forever, args=[0.01])
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/", asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def over(office, address, seconds=5):
    return replace(office.seals, stamper=lambda: AskedStamps(address, seconds))


def test_stamps_come_over_http(office, letter):
    def stamp(body):
        made = OwnStamps(office.authority)
        return ANSWER, asyncio.run(
            made.async_request_tsa_response(tsp.TimeStampReq.load(body))
        ).dump()

    with serving(stamp) as (address, _):
        certificates = office.certificates("court")
        sealed = signed_by(over(office, address), letter, [mark("court")], certificates)
    assert office.seals.verify(sealed).level == "B-LTA"


def test_nonsense_is_no_stamp(office, letter):
    with serving(lambda body: ("text/html", b"<p>")) as (address, asked):
        certificates = office.certificates("court")
        with pytest.raises(Failed) as refused:
            signed_by(over(office, address), letter, [mark("court")], certificates)
    assert refused.value.code == "seal_time_stamp"
    assert not refused.value.permanent
    assert len(asked) == TRIES


def drops(line):
    """One byte after another, each in time, without end."""
    while not line.wait(0.001):
        yield b"\0"


@pytest.mark.parametrize(("said", "seconds"), [(repeat(b"\0" * 4096), 5), (drops, 0.02)])
def test_an_answer_without_end_is_no_stamp(office, letter, said, seconds):
    endless = said(threading.Event()) if callable(said) else said
    with serving(lambda body: (ANSWER, endless)) as (address, _):
        certificates = office.certificates("court")
        with pytest.raises(Failed) as refused:
            signed_by(over(office, address, seconds), letter, [mark("court")], certificates)
    assert refused.value.code == "seal_time_stamp"


def test_an_authority_that_hangs_gives_no_lesser_seal(office, letter):
    with socket.create_server(("127.0.0.1", 0)) as silent:  # takes the call and says nothing
        address = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        certificates = office.certificates("court")
        with pytest.raises(Failed) as refused:
            signed_by(over(office, address, 0.05), letter, [mark("court")], certificates)
    assert refused.value.code == "seal_time_stamp"


def test_a_stamping_key_that_does_not_hold_yet_is_told(other_office, letter):
    certificates = other_office.certificates("court")
    other_office.clock.now += timedelta(days=30)
    other_office.authority.time_stamps()
    other_office.clock.now -= timedelta(days=10)
    with pytest.raises(Failed) as refused:
        signed_by(other_office.seals, letter, [mark("court")], certificates)
    assert (refused.value.code, refused.value.permanent) == ("seal_certificate", True)
