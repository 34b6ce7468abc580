"""Keys on a PKCS#11 token (SoftHSM): the same seal, and refusals that say what is wrong."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pkcs11
import pytest
from asn1crypto.keys import ECDomainParameters, PublicKeyInfo
from cryptography.hazmat.primitives.serialization import Encoding, load_der_public_key
from pkcs11 import Attribute, KeyType, ObjectClass
from pkcs11.util.ec import encode_ec_public_key

from engine.errors import Failed
from engine.services.seal.custody import TokenKeys
from tests.seal.offices import COURT, NOW, mark, signed_by
from tests.softhsm import make_token

LABEL, PIN = "court-token", "1234"


@pytest.fixture(scope="module")
def module(tmp_path_factory, office):
    """A token with a key made on it, certified by the office's authority."""
    path = make_token(tmp_path_factory.mktemp("token"), LABEL, PIN)
    token = pkcs11.lib(str(path)).get_token(token_label=LABEL)
    curve = ECDomainParameters(name="named", value="secp256r1").dump()
    with token.open(user_pin=PIN, rw=True) as session:
        made = session.create_domain_parameters(
            KeyType.EC, {Attribute.EC_PARAMS: curve}, local=True
        )
        public, _ = made.generate_keypair(label="court", store=True)
        told = load_der_public_key(PublicKeyInfo.load(encode_ec_public_key(public)).dump())
        held = office.authority.certify(told, COURT, timedelta(days=700))
        content = {
            Attribute.CLASS: ObjectClass.CERTIFICATE,
            Attribute.CERTIFICATE_TYPE: pkcs11.constants.CertificateType.X_509,
            Attribute.LABEL: "court",
            Attribute.TOKEN: True,
            Attribute.SUBJECT: held.subject.public_bytes(),
            Attribute.ID: b"court",
            Attribute.VALUE: held.public_bytes(Encoding.DER),
        }
        session.create_object(content)
    return path


def over(office, keys):
    return replace(office.seals, keys=keys)


@pytest.mark.parametrize(
    ("label", "pin", "key", "code"),
    [
        (LABEL, "0000", "court", "seal_pin_wrong"),
        ("another", PIN, "court", "seal_token_missing"),
        (LABEL, PIN, "nobody", "seal_key_missing"),
    ],
)
def test_what_is_wrong_with_a_token_is_said(office, module, label, pin, key, code):
    with pytest.raises(Failed) as refused:
        over(office, TokenKeys(module, label, pin)).issue(key, COURT, NOW)
    assert refused.value.code == code


def test_a_key_that_never_leaves_its_token_seals_for_the_long_term(office, letter, module):
    seals = over(office, TokenKeys(module, LABEL, PIN))
    issued = seals.issue("court", COURT, NOW)
    sealed = signed_by(seals, letter, [mark("court")], {"court": issued.certificate})
    assert issued.custody == "HARDWARE"
    assert (office.seals.verify(sealed).result, office.seals.verify(sealed).level) == (
        "OK",
        "B-LTA",
    )


def test_a_registered_seal_finds_its_key_by_the_name_on_the_seal(office, letter, module):
    seals = over(office, TokenKeys(module, LABEL, PIN))
    issued = seals.issue("seal-1", "court", NOW)  # labelled "court" on the token
    sealed = signed_by(seals, letter, [mark("seal-1")], {"seal-1": issued.certificate})
    assert office.seals.verify(sealed).result == "OK"


def test_a_token_certified_by_nobody_real_is_a_demonstration_still(office, module, tmp_path):
    seals = over(office, TokenKeys(module, LABEL, PIN))
    assert seals.demonstration
    assert not replace(seals, trusted=tmp_path).demonstration


def test_a_module_that_is_not_there_is_tried_again(office, tmp_path):
    with pytest.raises(Failed) as refused:
        over(office, TokenKeys(tmp_path / "no.so", LABEL, PIN)).issue("court", COURT, NOW)
    assert refused.value.code == "seal_token_missing"
    assert not refused.value.permanent
