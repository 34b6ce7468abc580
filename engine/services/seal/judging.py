"""Says what the signatures of a file are worth: unchanged since, by whom, and for the long term."""

from __future__ import annotations

import asyncio
import io
import re
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from asn1crypto.util import OrderedDict
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESFailure, AdESIndeterminate, AdESPassed, AdESSubIndic
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.general import ValueErrorWithMessage
from pyhanko.sign.validation import DocumentSecurityStore, async_validate_pdf_signature
from pyhanko.sign.validation.ades import ades_lta_validation
from pyhanko.sign.validation.generic_cms import extract_tst_data_iter
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.policy_decl import (
    LocalKnowledge,
    PdfSignatureValidationSpec,
    RevinfoOnlineFetchingRule,
    RevocationInfoGatheringSpec,
    SignatureValidationSpec,
)
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.context import CertValidationPolicySpec
from pyhanko_certvalidator.ltv.types import ValidationTimingInfo
from pyhanko_certvalidator.policy_decl import REQUIRE_REVINFO, CertRevTrustPolicy
from pyhanko_certvalidator.registry import SimpleTrustManager
from pyhanko_certvalidator.revinfo.archival import CRLContainer

from engine.sealports import UNSEALED, Result, Signature, Verified

from .signing import Trust

Verdict = tuple[Result, str]
GOOD: Verdict = ("OK", "")
CHANGED: Verdict = ("HASH_MISMATCH", "seal_changed")
REVISED: Verdict = ("HASH_MISMATCH", "seal_revised")
FOREIGN: Verdict = ("NOT_IN_LIST", "seal_foreign")
REVOKED: Verdict = ("CERT_REVOKED", "seal_revoked_before")
EXPIRED: Verdict = ("CERT_EXPIRED", "seal_expired_before")
UNPROVEN: Verdict = ("TSA_FAIL", "seal_not_for_long")
ENDS = re.compile(rb"startxref\s+\d+\s+%%EOF\s*\Z")
"""A file with something behind its end mark was touched, though no reader shows it."""
OPEN: Verdict = ("SIG_INVALID", UNSEALED)
BROKEN: Verdict = ("SIG_INVALID", "seal_signature_wrong")
SAYS: Mapping[AdESSubIndic, Verdict] = {
    AdESPassed.OK: GOOD,
    AdESFailure.HASH_FAILURE: CHANGED,
    AdESFailure.REVOKED: REVOKED,
    AdESFailure.NOT_YET_VALID: EXPIRED,
    AdESIndeterminate.NO_CERTIFICATE_CHAIN_FOUND: FOREIGN,
    AdESIndeterminate.NO_SIGNING_CERTIFICATE_FOUND: FOREIGN,
    AdESIndeterminate.CERTIFICATE_CHAIN_GENERAL_FAILURE: FOREIGN,
    AdESIndeterminate.REVOKED_NO_POE: REVOKED,
    AdESIndeterminate.REVOKED_CA_NO_POE: REVOKED,
    AdESIndeterminate.REVOCATION_OUT_OF_BOUNDS_NO_POE: REVOKED,
    AdESIndeterminate.EXPIRED: EXPIRED,
    AdESIndeterminate.NOT_YET_VALID: EXPIRED,
    AdESIndeterminate.OUT_OF_BOUNDS_NO_POE: EXPIRED,
    AdESIndeterminate.OUT_OF_BOUNDS_NOT_REVOKED: EXPIRED,
    AdESIndeterminate.NO_POE: UNPROVEN,
    AdESIndeterminate.TRY_LATER: UNPROVEN,
}


def judge(content: bytes, trust: Trust) -> Verified:
    """The verdict on all signatures of a file, the worst one first; never raises for a bad file.

    Good is only what the analysis of changes and the long-term check both call good: the second
    one alone calls a file good that something was added to.
    """
    with ThreadPoolExecutor(1) as line:  # whoever calls may have an event loop running
        try:
            return line.submit(lambda: asyncio.run(_judge(content, trust))).result()
        except (PdfError, ValueErrorWithMessage, ValueError, KeyError, TypeError) as wrong:
            return Verified("SIG_INVALID", "seal_unreadable", params={"reason": str(wrong)[:200]})


async def _judge(content: bytes, trust: Trust) -> Verified:
    reader = PdfFileReader(io.BytesIO(content), strict=False)
    signatures = list(reader.embedded_regular_signatures)
    if not signatures:
        return Verified("SIG_INVALID", "seal_none")
    found = []
    verdicts = []
    for one in signatures:
        verdict = await _verdict(reader, one, trust)
        found.append(_signature(one, verdict[0]))
        verdicts.append(verdict)
    if not reader.embedded_timestamp_signatures:
        verdicts.append(UNPROVEN)
    if any(value is None for _, value, _ in enumerate_sig_fields(reader)):
        verdicts.append(OPEN)
    if not ENDS.search(content, len(content) - 64):
        verdicts.append(REVISED)
    result, reason = next((verdict for verdict in verdicts if verdict != GOOD), GOOD)
    level = "B-LTA" if result == "OK" else ""
    return Verified(result, reason, level, tuple(found))


async def _verdict(reader: PdfFileReader, signature: EmbeddedPdfSignature, trust: Trust) -> Verdict:
    now = ValidationTimingInfo(trust.at, trust.at, point_in_time_validation=False)
    lasting = await ades_lta_validation(signature, _spec(trust), timing_info=now)
    verdict = SAYS.get(lasting.ades_subindic, BROKEN)
    stamped_at = _stamped_at(signature) or trust.at
    serial = signature.signer_cert.serial_number
    if verdict in (GOOD, FOREIGN) and _revoked_by(serial, stamped_at, trust):
        return REVOKED
    if verdict != GOOD:
        return verdict
    status = await async_validate_pdf_signature(signature, _then(reader, signature, trust))
    if not status.intact:
        return CHANGED
    if status.modification_level is None or not status.docmdp_ok:
        return REVISED
    return GOOD if status.bottom_line else BROKEN


def _then(
    reader: PdfFileReader, signature: EmbeddedPdfSignature, trust: Trust
) -> ValidationContext:
    """What was known of the certificates when it was signed: that is kept in the file."""
    known = {
        "trust_roots": trust.roots,
        "other_certs": trust.others,
        "moment": _stamped_at(signature) or trust.at,
        "allow_fetching": False,
        "revocation_mode": "require",
    }
    return DocumentSecurityStore.read_dss(reader).as_validation_context(known)


def _spec(trust: Trust) -> PdfSignatureValidationSpec:
    policy = CertValidationPolicySpec(
        trust_manager=SimpleTrustManager.build(trust_roots=trust.roots),
        revinfo_policy=CertRevTrustPolicy(REQUIRE_REVINFO),
    )
    knowledge = LocalKnowledge(
        known_crls=[CRLContainer(one) for one in trust.revoked], known_certs=list(trust.others)
    )
    local = RevinfoOnlineFetchingRule.LOCAL_ONLY
    return PdfSignatureValidationSpec(
        SignatureValidationSpec(
            policy,
            revinfo_gathering_policy=RevocationInfoGatheringSpec(online_fetching_rule=local),
            local_knowledge=knowledge,
        )
    )


def _signature(found: EmbeddedPdfSignature, result: Result) -> Signature:
    certificate = found.signer_cert
    name = certificate.subject.native
    holder = name.get("common_name", "") if isinstance(name, OrderedDict) else str(name)
    serial = f"{certificate.serial_number:x}"
    return Signature(found.field_name, holder, serial, _stamped_at(found), result)


def _stamped_at(signature: EmbeddedPdfSignature) -> datetime | None:
    tokens = list(extract_tst_data_iter(signature.signer_info, signed=False))
    if not tokens:
        return None
    at: datetime = tokens[0]["encap_content_info"]["content"].parsed["gen_time"].native
    return at


def _revoked_by(serial: int, at: datetime, trust: Trust) -> bool:
    """Whether the issuer says by now that it was revoked then: told late, it counts all the same."""
    lists = [one["tbs_cert_list"]["revoked_certificates"] for one in trust.revoked]
    return any(
        one["user_certificate"].native == serial and one["revocation_date"].native <= at
        for revoked in lists
        for one in revoked
    )
