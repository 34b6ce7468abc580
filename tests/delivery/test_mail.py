"""Mail through a real server: what is sent, secured, refused for now and for good."""

import pytest

from engine.errors import Failed
from engine.services.delivery import Mail
from tests.builders import BEGIN
from tests.delivery.mailbox import certificate, knows, serving

NOTICE = {
    "address": "party@example.cn",
    "subject": "有一份文书",
    "text": "链接：http://x/\n验证码：1",
}


def mail(address, scheme="smtp", **options):
    return Mail(f"{scheme}://{address}", "court@example.cn", lambda: BEGIN, seconds=5, **options)


def test_a_notice_arrives_and_twice_under_the_same_id():
    with serving() as (box, address):
        for _ in range(2):
            told = mail(address)("d-1", NOTICE)
    one, two = box.mails
    assert one["Message-ID"] == two["Message-ID"] == told["reference"] == "<d-1@example.cn>"
    assert (one["Subject"], one["To"]) == ("有一份文书", "party@example.cn")
    assert "验证码：1" in one.get_content()


def test_it_is_secured_and_signed_in_where_the_server_asks(tmp_path):
    server, client = certificate(tmp_path)
    options = {"tls_context": server, "require_starttls": True, "authenticator": knows}
    with serving(**options, auth_required=True) as (box, address):
        port = address.rpartition(":")[2]
        told = {"scheme": "smtp+starttls", "user": "court", "trust": client}
        mail(f"localhost:{port}", password="secret", **told)("d-1", NOTICE)
        assert len(box.mails) == 1
        with pytest.raises(Failed, match="mail_refused") as wrong:
            mail(f"localhost:{port}", password="guess", **told)("d-1", NOTICE)
        with pytest.raises(Failed, match="mail_unreachable"):  # nobody vouches for it
            mail(f"localhost:{port}", **told | {"trust": None})("d-1", NOTICE)
    assert wrong.value.permanent


@pytest.mark.parametrize(("said", "permanent"), [
    ("450 mailbox busy", False), ("550 no such user", True), ("552 mailbox full", True),
])  # fmt: skip
def test_no_for_now_and_no_for_good(said, permanent):
    with serving() as (box, address):
        box.refuse = said
        with pytest.raises(Failed) as failed:
            mail(address)("d-1", NOTICE)
    assert (failed.value.permanent, failed.value.params["reason"]) == (permanent, said)


def test_a_server_that_changes_its_mind_at_the_end():
    with serving() as (box, address):
        box.after = "451 try later"
        with pytest.raises(Failed, match="mail_unreachable"):
            mail(address)("d-1", NOTICE)


def test_nobody_listens():
    with pytest.raises(Failed, match="mail_unreachable") as failed:
        mail("127.0.0.1:9")("d-1", NOTICE)
    assert not failed.value.permanent
