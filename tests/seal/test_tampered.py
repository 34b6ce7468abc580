"""Whatever was done to a sealed file, or to the certificate behind it, is told with its reason."""

from __future__ import annotations

import io
from datetime import timedelta

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from engine.errors import Failed
from engine.services.seal.authority import LIFE
from tests.seal.offices import NOW, mark, signed_by


def revised(content, change):
    """The file with a revision appended, as an editor makes it."""
    writer = IncrementalPdfFileWriter(io.BytesIO(content))
    change(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def paint_over(writer):
    page = writer.root["/Pages"]["/Kids"][0]
    white = writer.add_object(generic.StreamObject(stream_data=b"1 g 0 0 600 800 re f"))
    drawn = page["/Contents"]
    kept = list(drawn) if isinstance(drawn, generic.ArrayObject) else [page.raw_get("/Contents")]
    page[pdf_name("/Contents")] = generic.ArrayObject([*kept, white])
    writer.update_container(page)


def swap_pages(writer):
    pages = writer.root["/Pages"]
    pages[pdf_name("/Kids")] = generic.ArrayObject(reversed(pages["/Kids"]))
    writer.update_container(pages)


def hide_seal(writer):
    page = writer.root["/Pages"]["/Kids"][1]
    del page["/Annots"]
    writer.update_container(page)


@settings(max_examples=20, deadline=None)
@given(at=st.integers(200, 20_000), bit=st.integers(0, 7))
def test_one_changed_bit_is_seen(office, ruling, at, bit):
    harmed = bytearray(ruling)
    harmed[at] ^= 1 << bit
    verified = office.seals.verify(bytes(harmed))
    assert verified.result != "OK"
    assert verified.reason in (
        "seal_changed",
        "seal_unreadable",
        "seal_none",
        "seal_signature_wrong",
    )


@pytest.mark.parametrize("change", [paint_over, swap_pages, hide_seal])
def test_an_appended_revision_is_seen(office, ruling, change):
    verified = office.seals.verify(revised(ruling, change))
    assert (verified.result, verified.reason) == ("HASH_MISMATCH", "seal_revised")


def test_something_behind_the_end_is_seen(office, ruling):
    assert office.seals.verify(ruling + b"\nmore").reason == "seal_revised"


def test_a_page_swapped_by_saving_anew_is_seen(office, ruling, letter):
    with pikepdf.open(io.BytesIO(ruling)) as pdf, pikepdf.open(io.BytesIO(letter)) as other:
        pdf.pages[0] = other.pages[1]
        out = io.BytesIO()
        pdf.save(out)
    assert office.seals.verify(out.getvalue()).result != "OK"


def test_a_file_cut_back_to_its_first_revision_is_not_whole(office, ruling):
    first = ruling[: ruling.index(b"%%EOF", ruling.index(b"ByteRange")) + 6]
    assert office.seals.verify(first).reason == "seal_not_for_long"


def test_a_foreign_signature_is_not_the_courts(office, other_office, letter):
    verified = office.seals.verify(other_office.sealed(letter, mark("court")))
    assert (verified.result, verified.reason) == ("NOT_IN_LIST", "seal_foreign")


def test_no_signature_and_no_pdf(office, letter):
    assert office.seals.verify(letter).reason == "seal_none"
    assert office.seals.verify(b"hello").reason == "seal_unreadable"


def serial_of(office):
    return office.seals.issue("court", "", NOW + LIFE).serial


def test_a_certificate_revoked_afterwards_leaves_the_ruling_good(other_office, letter):
    content = other_office.sealed(letter, mark("court"))
    other_office.clock.now += timedelta(days=3)
    other_office.seals.revoke(serial_of(other_office), other_office.clock())
    assert other_office.seals.verify(content).result == "OK"


def test_a_certificate_revoked_before_spoils_it(other_office, letter):
    content = other_office.sealed(letter, mark("court"))
    other_office.seals.revoke(serial_of(other_office), NOW - timedelta(hours=1))
    assert other_office.seals.verify(content).reason == "seal_revoked_before"


def test_nothing_is_sealed_with_a_revoked_certificate(other_office, letter):
    certificates = other_office.certificates("court")
    other_office.seals.revoke(serial_of(other_office), NOW - timedelta(hours=1))
    with pytest.raises(Failed) as refused:
        signed_by(other_office.seals, letter, [mark("court")], certificates)
    assert refused.value.code == "seal_certificate"


def test_a_ruling_outlives_its_certificate_but_none_is_sealed_with_it(other_office, letter):
    certificates = other_office.certificates("court")
    content = signed_by(other_office.seals, letter, [mark("court")], certificates)
    other_office.clock.now += timedelta(days=800)
    assert other_office.seals.verify(content).result == "OK"
    with pytest.raises(Failed, match="seal_certificate"):
        signed_by(other_office.seals, letter, [mark("court")], certificates)
