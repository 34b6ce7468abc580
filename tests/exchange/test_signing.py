"""Signatures and keys: what is signed holds, anything else does not."""

from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from engine.errors import Invalid, NotAllowed
from engine.exchange.keys import key_id, office_key, public_text, read_public
from engine.exchange.signing import Answer, Request, sign, verify
from tests.builders import BEGIN

KEY = Ed25519PrivateKey.generate()
WITHIN = (BEGIN, timedelta(minutes=5))


def signed(body=b"{}", at=BEGIN):
    request = Request("POST", "http://a/api/messages", {"Content-Type": "application/json"})
    sign(request, body, KEY, at)
    return request


def test_a_signed_request_holds_whatever_host_a_proxy_names():
    request = signed()
    request.url = "https://b:8443/api/messages"
    assert verify(request, b"{}", (public_text(KEY),), WITHIN) == BEGIN


@pytest.mark.parametrize(
    "change",
    [
        lambda r: setattr(r, "method", "PUT"),
        lambda r: setattr(r, "url", "http://a/api/other"),
        lambda r: r.headers.update({"Content-Type": "text/plain"}),
        lambda r: r.headers.pop("Content-Digest"),
        lambda r: r.headers.update({"Signature-Input": "nonsense"}),
        lambda r: r.headers.update(
            {"Signature-Input": r.headers["Signature-Input"].replace('"@path" ', "")}
        ),
    ],
)
def test_what_was_changed_on_the_way_does_not(change):
    request = signed()
    change(request)
    with pytest.raises(NotAllowed, match="signature_wrong"):
        verify(request, b"{}", (public_text(KEY),), WITHIN)


def test_another_body_or_another_key_does_not():
    other = public_text(Ed25519PrivateKey.generate())
    for body, keys in ((b"{ }", (public_text(KEY),)), (b"{}", (other,)), (b"{}", ())):
        with pytest.raises(NotAllowed, match="signature_wrong"):
            verify(signed(), body, keys, WITHIN)


def test_while_keys_change_either_holds():
    old = public_text(Ed25519PrivateKey.generate())
    assert verify(signed(), b"{}", (old, public_text(KEY)), WITHIN) == BEGIN


@pytest.mark.parametrize("minutes", [-6, 6])
def test_a_signature_of_another_time_is_stale(minutes):
    at = BEGIN + timedelta(minutes=minutes)
    with pytest.raises(NotAllowed, match="signature_stale"):
        verify(signed(at=at), b"{}", (public_text(KEY),), WITHIN)


def test_a_request_cannot_be_passed_off_as_an_answer():
    request = signed()
    with pytest.raises(NotAllowed, match="signature_wrong"):
        verify(Answer(200, request.headers), b"{}", (public_text(KEY),), WITHIN)


def test_the_key_of_an_office_is_made_once_for_its_owner_only(tmp_path):
    path = tmp_path / "office.key"
    assert public_text(office_key(path)) == public_text(office_key(path))
    assert path.stat().st_mode & 0o777 == 0o600
    assert len(key_id(public_text(office_key(path)))) == 32


@pytest.mark.parametrize("text", ["", "abc", "A" * 44, "公钥"])
def test_a_public_key_is_32_bytes_in_base64(text):
    with pytest.raises(Invalid, match="public_key_shape"):
        read_public(text)
