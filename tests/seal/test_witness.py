"""A time-stamp authority as a witness of the log."""

from __future__ import annotations

import asyncio
import hashlib

import pytest
from asn1crypto import cms, tsp

from engine.errors import Failed
from engine.services.seal.stamping import ANSWER, AskedStamps, OwnStamps
from engine.services.seal.witness import StampWitness
from tests.seal.test_stamps import serving

NOTE = "liandiao/0123\n7\nroot\n\n— liandiao/0123 signature\n"


def test_an_authority_stamps_the_digest_of_the_note(office):
    def stamp(body):
        made = OwnStamps(office.authority).async_request_tsa_response
        return ANSWER, asyncio.run(made(tsp.TimeStampReq.load(body))).dump()

    with serving(stamp) as (address, _):
        token = StampWitness(AskedStamps(address, 5), address).keep(7, NOTE)
    told = cms.ContentInfo.load(token)["content"]["encap_content_info"]["content"].parsed
    assert (
        told["message_imprint"]["hashed_message"].native == hashlib.sha256(NOTE.encode()).digest()
    )


def test_an_authority_that_is_away_is_asked_again_later():
    with pytest.raises(Failed, match="witness_failed"):
        StampWitness(AskedStamps("http://127.0.0.1:1/", 1), "x").keep(7, NOTE)
