"""Case numbers of the court's system (K16): asked on a real socket, or typed in by a clerk."""

from __future__ import annotations

import json
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from jsonschema import Draft202012Validator

from engine.errors import Failed, Invalid
from engine.exchange.keys import public_text
from engine.exchange.signing import Answer, Request, sign, verify
from engine.forms import accept, read_form
from engine.services.case_numbers import CourtSystem, TypedIn, case_number
from tests.builders import BEGIN
from tests.conftest import BPMN
from webui.api.views import read_document

OURS, COURTS = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
WINDOW = timedelta(minutes=5)
ASKED = {"court": "shiqiao-tribunal", "word": "诉前调确"}
GIVEN = "（2026）云0102诉前调确1号"


class Court(BaseHTTPRequestHandler):
    """A court's system: one number for each key, signed."""

    status, number, asked = 200, GIVEN, []

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        request = Request("POST", f"http://court{self.path}", dict(self.headers))
        verify(request, body, (public_text(OURS),), (BEGIN, WINDOW))
        self.asked.append(json.loads(body))
        answer = Answer(self.status, {"Content-Type": "application/json"})
        said = json.dumps({"number": self.number, "detail": "no"}).encode()
        sign(answer, said, COURTS, BEGIN)
        self.send_response(self.status)
        for name, value in {**answer.headers, "Content-Length": str(len(said))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, *words):
        """Say nothing."""


@pytest.fixture
def served():
    """``served(number=...)``: the adapter on a court's system that answers so."""
    servers = []

    def serve(**told):
        server = HTTPServer(("127.0.0.1", 0), type("Told", (Court,), {"asked": [], **told}))
        threading.Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
        servers.append(server)
        address = f"http://127.0.0.1:{server.server_port}/numbers"
        return CourtSystem(address, public_text(COURTS), lambda: OURS, lambda: BEGIN, WINDOW)

    serve.asked = lambda: servers[-1].RequestHandlerClass.asked
    yield serve
    for server in servers:
        server.shutdown()
        server.server_close()


def test_the_courts_system_gives_the_number(served):
    found = case_number(served())("effect-1", ASKED)
    assert found == {"number": GIVEN, "source": "COURT_SYSTEM", "reason": ""}
    (asked,) = served.asked()
    schema = read_document()["components"]["schemas"]["NumberAsked"]
    assert Draft202012Validator(schema).is_valid(asked)
    assert (asked["key"], asked["year"]) == ("effect-1", 2026)


@pytest.mark.parametrize(
    "told", [{"status": 409}, {"number": "17"}, {"number": "（2026）云0102民初1号"}]
)
def test_a_no_leaves_it_to_the_clerk_and_says_why(served, told):
    found = case_number(served(**told))("effect-1", ASKED)
    assert (found["number"], found["source"], bool(found["reason"])) == (None, "TYPED", True)


def test_trouble_on_the_way_is_tried_again(served):
    away = CourtSystem("http://127.0.0.1:1/", "", lambda: OURS, lambda: BEGIN, WINDOW)
    for numbers in (away, served(status=503)):
        with pytest.raises(Failed, match="office_unreachable") as failed:
            case_number(numbers)("effect-1", ASKED)
        assert not failed.value.permanent


def test_an_answer_that_another_signed_is_not_believed(served):
    real = served()
    other = public_text(Ed25519PrivateKey.generate())
    numbers = CourtSystem(real.address, other, lambda: OURS, lambda: BEGIN, WINDOW)
    with pytest.raises(Failed, match="receipt_wrong"):
        numbers.ask("effect-1", **ASKED)


def test_without_a_court_system_the_clerk_types_it_in():
    assert case_number(TypedIn())("effect-1", ASKED)["source"] == "TYPED"


def wrong_places(folder, task, values, context):
    """The pointers at which a form refuses these values."""
    form = read_form(
        (BPMN / folder / f"forms/{task}.json").read_bytes(),
        (BPMN / "shared/types.json").read_bytes(),
    )
    try:
        accept(form, values, context, BEGIN, "")
    except Invalid as refused:
        return [one.pointer for one in refused.problems]
    return []


@pytest.mark.parametrize(
    ("folder", "task", "pointer"),
    [
        ("confirmation", "sign_refusal", "/refusal/case_no"),
        ("court_paper", "draft_paper", "/paper/case_no"),
        ("court_paper", "permit_withdrawal", "/paper/case_no"),
        ("detention_intake", "start", "/detention/case_no"),
        ("performance", "send_notice", "/enforcement/case_no"),
    ],
)
def test_every_case_number_that_is_typed_in_has_a_courts_shape(folder, task, pointer):
    for number, fits in (("17", False), (GIVEN, True)):
        refused = wrong_places(folder, task, {pointer: number}, {"paper": {"kind": {}}})
        assert (pointer not in refused) is fits


@pytest.mark.parametrize(
    ("number", "source", "fits"),
    [
        (GIVEN, "COURT_SYSTEM", True),
        ("(2026)最高法民特12号", "COURT_SYSTEM", True),
        ("17", "COURT_SYSTEM", False),
        ("2026云0102诉前调确1号", "COURT_SYSTEM", False),
        ("内2026-1", "INTERNAL", True),
    ],
)
def test_what_a_clerk_types_in_has_the_shape_of_a_courts_number(number, source, fits):
    served = [{"party": "p1", "how": "HAND", "at": "2026-03-02T09:00"}]
    values = {"/acceptance/case_no": number, "/acceptance/case_no_source": source}
    context = {"parties": [{"id": "p1", "name": "张三"}], "application": {}, "acceptance": {}}
    values |= {"/acceptance/served": served}
    refused = wrong_places("confirmation", "register_case", values, context)
    assert ("/acceptance/case_no" not in refused) is fits
