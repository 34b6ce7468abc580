"""Signs a readied file at PAdES B-LTA: the picture of the seal, the time-stamps, what proves it later."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from asn1crypto import crl, x509
from pkcs11 import PKCS11Error
from pyhanko.pdf_utils import layout
from pyhanko.pdf_utils.content import PdfContent, ResourceType
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter, enumerate_sig_fields
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError
from pyhanko.stamp import StaticContentStamp, StaticStampStyle
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.errors import PathError, ValidationError

from engine.errors import Failed
from engine.sealports import Mark, SealKeys

from .artwork import round_seal


@dataclass(frozen=True, slots=True)
class Trust:
    """Whom a signature must lead to, and what is revoked: all of it at hand, nothing is fetched."""

    roots: Sequence[x509.Certificate]
    others: Sequence[x509.Certificate]
    revoked: Sequence[crl.CertificateList]
    at: datetime

    def context(self) -> ValidationContext:
        return ValidationContext(
            trust_roots=self.roots,
            other_certs=self.others,
            crls=self.revoked,
            moment=self.at,
            allow_fetching=False,
            revocation_mode="require",
        )


def sign_next(
    pdf: bytes, mark: Mark, keys: tuple[SealKeys, bytes], trust: Trust, stamper: TimeStamper
) -> bytes:
    """The next signature of a readied file. ``keys``: who keeps them, and the certificate of this one.

    The first one certifies: with one signature nothing may change after it, with several the
    fields of the others may still be filled, and the last one closes the file.
    Raises Failed (seal_time_stamp for now; signature_closed, signature_not_turn, seal_certificate,
    seal_signing_failed for good).
    """
    first, last = _turn(pdf, mark.field)
    custody, certificate = keys
    meta = PdfSignatureMetadata(
        field_name=mark.field,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        certify=first,
        docmdp_permissions=MDPPerm.NO_CHANGES if last else MDPPerm.FILL_FORMS,
        embed_validation_info=True,
        use_pades_lta=True,
        validation_context=trust.context(),
    )
    style = _style(mark) if mark.name else None
    signer = custody.signer(mark.key, certificate)
    return _signed(pdf, PdfSigner(meta, signer, timestamper=stamper, stamp_style=style))


def _turn(pdf: bytes, field: str) -> tuple[bool, bool]:
    """Whether it is the first and whether the last of a file whose fields are filled in their order."""
    try:
        found = list(enumerate_sig_fields(PdfFileReader(io.BytesIO(pdf))))
    except PdfError as unfit:
        raise Failed("seal_file_unfit", permanent=True, reason=str(unfit)[:200]) from unfit
    empty = [name for name, value, _ in found if value is None]
    if field not in empty:
        raise Failed("signature_closed", permanent=True, field=field)
    if empty[0] != field:
        raise Failed("signature_not_turn", permanent=True, field=empty[0])
    return len(empty) == len(found), len(empty) == 1


def _signed(pdf: bytes, signer: PdfSigner) -> bytes:
    out = io.BytesIO()

    def sign() -> None:
        writer = IncrementalPdfFileWriter(io.BytesIO(pdf), strict=True)
        asyncio.run(signer.async_sign_pdf(writer, existing_fields_only=True, output=out))

    try:
        # In a thread of its own: whoever calls may have an event loop running.
        with ThreadPoolExecutor(1) as line:
            line.submit(sign).result()
    except TimestampRequestError as failed:
        raise Failed("seal_time_stamp", reason=str(failed)) from failed
    except (SigningError, PKCS11Error, PathError, ValidationError) as wrong:
        cause = wrong.__cause__ or wrong
        untrusted = isinstance(cause, PathError | ValidationError)
        code = "seal_certificate" if untrusted else "seal_signing_failed"
        raise Failed(code, permanent=True, reason=str(cause)) from wrong
    return out.getvalue()


# The picture ---------------------------------------------------------------------------------


class _Drawing(PdfContent):
    """A page of a PDF that is at hand as bytes."""

    def __init__(self, pdf: bytes) -> None:
        super().__init__()
        self._pdf = pdf

    def render(self) -> bytes:
        page = self._ensure_writer.import_page_as_xobject(PdfFileReader(io.BytesIO(self._pdf)))
        _, _, width, height = page.get_object()["/BBox"]
        self.box = layout.BoxConstraints(width=width, height=height)
        self.resources.xobject[pdf_name("/Seal")] = page
        return b"/Seal Do"


class _Multiplied(StaticContentStamp):
    """Red on black as with ink: the text under the ring stays readable."""

    def _render_background(self) -> bytes:
        drawn: bytes = super()._render_background()
        states = self.resources[ResourceType.EXT_G_STATE]
        states["/BackgroundGS"][pdf_name("/BM")] = pdf_name("/Multiply")
        return drawn


class _Style(StaticStampStyle):
    def create_stamp(self, writer: Any, box: Any, text_params: Any) -> _Multiplied:
        return _Multiplied(writer=writer, style=self, box=box)


def _style(mark: Mark) -> StaticStampStyle:
    middle = layout.SimpleBoxLayoutRule(
        layout.AxisAlignment.ALIGN_MID,
        layout.AxisAlignment.ALIGN_MID,
        margins=layout.Margins(0, 0, 0, 0),
    )
    drawing = _Drawing(round_seal(mark.name, mark.code, mark.demonstration))
    return _Style(
        border_width=0, background=drawing, background_opacity=1.0, background_layout=middle
    )
