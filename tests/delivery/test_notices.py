"""Notices to parties: consent first, sent at least once by the worker, seen on the dossier page."""

from __future__ import annotations

import json
import re
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from engine.exchange.keys import public_text
from engine.exchange.signing import Request, sign, verify
from engine.model import Party
from engine.services.delivery import Mail, Platform
from engine.worker import Patience, Worker
from tests.delivery.mailbox import serving

KEY = Ed25519PrivateKey.generate()
CONSENT = {
    "/party": "p1",
    "/what": "E_SERVICE",
    "/answer": "YES",
    "/version": "1",
    "/channel": "PAPER",
}
WANTED = {"party": "p1", "channel": "email", "address": "zhang@example.cn", "document": "(2026)1号"}


@pytest.fixture
def dossier(built, case):
    with built.open_store() as store:
        store.save_party(Party("p1", case.dossier, "A", "张三", {"id_no": "530102199001011234"}))
    return case.dossier


@pytest.fixture
def clerk(browser, dossier):
    return browser("clerk").get(f"/dossiers/{dossier}?tab=delivery")


@pytest.fixture
def agreed(clerk, dossier):
    clerk.get(f"/registers/consents/new?dossier={dossier}")
    clerk.post("/registers/consents/new", dossier=dossier, **CONSENT)
    return clerk.get(f"/dossiers/{dossier}?tab=delivery")


@pytest.fixture
def worker(built, clock):
    return Worker(built.engine, built.open_store, clock, Patience(tries=3))


@pytest.fixture
def box(built, clock):
    with serving() as (mailbox, address):
        mail = Mail(f"smtp://{address}", "court@example.cn", clock)
        built.engine._handlers = {"delivery.email": mail}
        yield mailbox


def send(clerk, dossier, **changed):
    return clerk.post(f"/dossiers/{dossier}/notices", **WANTED | changed)


def verbs(built, dossier):
    with built.open_store() as store:
        return [e.verb for e, _ in store.entries(f"dossier:{dossier}") if e.verb.startswith("noti")]


@pytest.mark.usefixtures("box")
@pytest.mark.clause("S1-90", "S7-29")
def test_without_consent_on_record_nothing_is_sent(clerk, dossier, built):
    assert "没有登记该当事人同意电子送达" in send(clerk, dossier).text
    assert verbs(built, dossier) == []


def test_a_notice_holds_a_link_and_a_code_that_open_the_partys_page(
    agreed, dossier, box, worker, browser
):
    assert "已排队" in send(agreed, dossier).text
    worker.work_due()
    (mail,) = box.mails
    words = mail.get_content()
    link = re.search(r"http://localhost(/p/\S+)", words)[1]
    code = re.search(r"验证码：(\d+)", words)[1]
    party = browser()
    party.get(link)
    assert party.post(link, code=code).status == 200
    assert "已发出" in agreed.get(f"/dossiers/{dossier}?tab=delivery").text


def test_a_notice_names_nobody_and_its_secret_is_forgotten(agreed, dossier, box, worker, built):
    send(agreed, dossier)
    worker.work_due()
    whole = box.mails[0]["Subject"] + box.mails[0].get_content()
    assert not any(word in whole for word in ("张三", "5301", "漏水", "(2026)"))
    assert "Verification" not in whole
    with built.open_store() as store:
        assert store.dispatches(dossier)[0].secret == {}
    assert verbs(built, dossier) == ["notify", "notify_sent"]


def test_what_fails_for_now_is_tried_again_and_then_left_to_a_person(
    agreed, dossier, box, worker, clock
):
    box.refuse = "450 busy"
    send(agreed, dossier)
    worker.work_due()
    assert "已试 1 次" in agreed.get(f"/dossiers/{dossier}?tab=delivery").text
    for _ in range(2):
        clock.move(clock() + timedelta(minutes=10))
        worker.work_due()
    assert "450 busy" in agreed.get(f"/dossiers/{dossier}?tab=delivery").text
    box.refuse = ""
    agreed.post(agreed.link(r"/dossiers/[^\"]+/again"))
    worker.work_due()
    assert len(box.mails) == 1


def test_what_fails_for_good_says_why_at_once(agreed, dossier, box, worker, built):
    box.refuse = "550 no such user"
    send(agreed, dossier)
    worker.work_due()
    assert "550 no such user" in agreed.get(f"/dossiers/{dossier}?tab=delivery").text
    assert verbs(built, dossier) == ["notify", "notify_failed"]
    assert worker.work_due() == 0


@pytest.mark.usefixtures("box")
@pytest.mark.parametrize(("changed", "says"), [
    ({"address": "no-address"}, "不像这个渠道的地址"), ({"channel": "platform"}, "没有配置这个发送渠道"),
    ({"party": "p9"}, "没有登记该当事人同意"),
])  # fmt: skip
def test_what_cannot_be_sent_is_refused_before(agreed, dossier, changed, says):
    assert says in send(agreed, dossier, **changed).text


# The platform --------------------------------------------------------------------------------


@contextmanager
def platform(answers):
    """A service platform on this machine: (its address, what came)."""
    came = []

    class Door(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            came.append((Request("POST", f"http://x{self.path}", dict(self.headers)), body))
            self.send_response(answers.pop(0))
            self.end_headers()
            self.wfile.write(b'{"reference": "T-7"}')

        def log_message(self, *args):
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/notices", came
    server.shutdown()
    server.server_close()


def report(clerk, built, dispatch, state, key=KEY):
    body = json.dumps({"state": state, "at": "2026-03-02", "reason": "box full"}).encode()
    path = f"/api/deliveries/{dispatch}"
    request = Request("POST", f"http://localhost{path}", {"Content-Type": "application/json"})
    sign(request, body, key, built.clock())
    return clerk.client.post(path, data=body, headers=request.headers)


@pytest.fixture
def sent(agreed, dossier, built, clock, worker):
    """A notice that the platform took at the second try; its id."""
    object.__setattr__(built.config, "platform_key", public_text(KEY))
    with platform([503, 201]) as (address, came):
        built.engine._handlers = {"delivery.platform": Platform(address, lambda: KEY, clock)}
        send(agreed, dossier, channel="platform", address="13800000000")
        worker.work_due()
        clock.move(clock() + timedelta(minutes=10))
        worker.work_due()
    with built.open_store() as store:
        return store.dispatches(dossier)[0], came


def test_the_platform_gets_a_signed_notice_under_one_id_however_often(sent, clock):
    dispatch, came = sent
    assert (dispatch.state, dispatch.reference, len(came)) == ("sent", "T-7", 2)
    assert {request.headers["Idempotency-Key"] for request, _ in came} == {dispatch.id}
    verify(*came[1], (public_text(KEY),), (clock(), timedelta(minutes=5)))


def test_the_platform_reports_arrival_once_and_only_under_its_key(sent, clerk, built, dossier):
    dispatch = sent[0].id
    assert (
        report(clerk, built, dispatch, "delivered", Ed25519PrivateKey.generate()).status_code == 401
    )
    assert clerk.client.post(f"/api/deliveries/{dispatch}").status_code == 401
    said = [
        report(clerk, built, dispatch, one).json for one in ("delivered", "delivered", "failed")
    ]
    assert [one["duplicate"] for one in said] == [False, True, True]
    assert "已到达" in clerk.get(f"/dossiers/{dossier}?tab=delivery").text
    assert verbs(built, dossier) == ["notify", "notify_sent", "notify_delivered"]


def test_a_report_that_is_none_changes_nothing(sent, clerk, built, dossier):
    assert report(clerk, built, sent[0].id, "lost").status_code == 422
    assert report(clerk, built, "no-such", "failed").status_code == 404
    assert report(clerk, built, sent[0].id, "failed").json["duplicate"] is False
    assert "box full" in clerk.get(f"/dossiers/{dossier}?tab=delivery").text


@pytest.mark.clause("S1-90", "S7-31")
def test_every_message_of_a_dossier_shows_what_became_of_it(
    agreed, dossier, built, clock, worker, box
):
    with platform([503, 201, 422]) as (address, came):
        built.engine._handlers |= {"delivery.platform": Platform(address, lambda: KEY, clock)}
        for number in ("13800000000", "13800000001"):
            send(agreed, dossier, channel="platform", address=number)
            worker.work_due()
        clock.move(clock() + timedelta(minutes=10))
        worker.work_due()
    send(agreed, dossier)
    worker.work_due()
    mailed, late, early = states(built, dossier)
    assert (mailed, {late, early}, len(came)) == ("sent", {"sent", "failed"}, 3)
    page = agreed.get(f"/dossiers/{dossier}?tab=delivery").text
    assert [word in page for word in ("已发出", "失败", "重新发送")] == [True] * 3
    (mail,) = box.mails
    sent = mail["Subject"] + mail.get_content() + "".join(body.decode() for _, body in came)
    assert not any(word in sent for word in ("张三", "5301", "漏水", "(2026)"))


def states(built, dossier):
    """Of the notices of a dossier, the newest first."""
    with built.open_store() as store:
        return [one.state for one in store.dispatches(dossier)]
