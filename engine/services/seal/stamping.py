"""Time-stamps (RFC 3161): by the demonstration's own authority, or asked of one over HTTP."""

from __future__ import annotations

import hashlib
from datetime import datetime
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

import requests
from asn1crypto import cms, core, tsp, x509
from asn1crypto.algos import SignedDigestAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.sign.general import as_signing_certificate_v2 as certificate_id
from pyhanko.sign.general import simple_cms_attribute
from pyhanko.sign.timestamps import DummyTimeStamper, TimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError
from pyhanko_certvalidator.util import get_pyca_cryptography_hash
from urllib3.exceptions import HTTPError

from .authority import Authority

ANSWER = "application/timestamp-reply"
TRIES = 3
LONGEST = 256 * 1024


class OwnStamps(DummyTimeStamper):
    """The demonstration's: its own EC key says the time of its own machine."""

    def __init__(self, authority: Authority) -> None:
        pair = authority.time_stamps()
        held = x509.Certificate.load(pair.certificate.public_bytes(Encoding.DER))
        super().__init__(held, None, fixed_dt=authority.now())
        self._key = pair.key

    def _sign_tst_info(
        self, tst_info_data: bytes, md_algorithm: str, dt: datetime
    ) -> tuple[bytes, cms.CMSAttributes]:
        """The library's own signs with RSA keys only."""
        digest = hashlib.new(md_algorithm, tst_info_data).digest()
        signed = cms.CMSAttributes(
            [
                simple_cms_attribute("content_type", "tst_info"),
                simple_cms_attribute("signing_time", cms.Time({"utc_time": core.UTCTime(dt)})),
                simple_cms_attribute("signing_certificate_v2", certificate_id(self.tsa_cert)),
                simple_cms_attribute("message_digest", digest),
            ]
        )
        method = ECDSA(get_pyca_cryptography_hash(md_algorithm))
        return self._key.sign(signed.dump(), method), signed

    def _build_signed_data(
        self, tst_info_data: bytes, md_algorithm: str, signature: bytes, signed: Any
    ) -> dict[str, Any]:
        built: dict[str, Any] = super()._build_signed_data(
            tst_info_data, md_algorithm, signature, signed
        )
        algorithm = SignedDigestAlgorithm({"algorithm": f"{md_algorithm}_ecdsa"})
        built["signer_infos"][0]["signature_algorithm"] = algorithm
        return built


class AskedStamps(TimeStamper):
    """An authority behind an address: one that hangs is asked again, then sealing fails for now."""

    def __init__(self, address: str, seconds: float) -> None:
        super().__init__()
        self._address = address
        self._seconds = seconds

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """Raises TimestampRequestError after the last try."""
        said = ""
        for _ in range(TRIES):
            try:
                return self._ask(req)
            except (OSError, ValueError, HTTPError) as failed:
                said = f"{urlsplit(self._address).hostname}: {failed}"
        raise TimestampRequestError(said[:300])

    def _ask(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        until = monotonic() + self._seconds
        with requests.post(
            self._address,
            req.dump(),
            headers={"Content-Type": "application/timestamp-query", "Accept": ANSWER},
            timeout=self._seconds,
            allow_redirects=False,
            stream=True,
        ) as answer:
            if answer.status_code != 200 or answer.headers.get("Content-Type") != ANSWER:
                raise ValueError(f"{answer.status_code} {answer.headers.get('Content-Type')}")
            return tsp.TimeStampResp.load(_read(answer, until))


def _read(answer: requests.Response, until: float) -> bytes:
    """Piece by piece: the limit of the library holds for each of them, and a server may drip."""
    said = bytearray()
    while piece := answer.raw.read1(LONGEST):
        said += piece
        if len(said) > LONGEST:
            raise ValueError(f"> {LONGEST}")
        if monotonic() > until:
            raise TimeoutError("dripping")
    return bytes(said)
