"""Tools that know nothing of this product say the same of a sealed file, and refuse what was done to it."""

from __future__ import annotations

import io

import pikepdf
import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from engine.services.typesetting import Letters
from tests.bpmn.test_scenarios import bundled
from tests.engine.test_typesetting import agreement
from tests.seal.offices import NOW, mark
from tests.seal.openssl import verdict
from tests.seal.test_tampered import hide_seal, paint_over, revised, swap_pages


@pytest.fixture
def judged(office, tmp_path):
    """What the tools say of a file, trusting the office's authority."""
    root = office.authority.root().certificate.public_bytes(Encoding.PEM)

    def told(content):
        return verdict(content, root, int(NOW.timestamp()), tmp_path)

    return told


def test_they_find_signature_and_time_stamp_good(judged, ruling):
    assert judged(ruling) == "good"


def test_they_find_three_signatures_in_order_good(judged, office, letter):
    marks = [mark("judge", 700, False), mark("clerk", 680, False), mark("court")]
    assert judged(office.sealed(letter, *marks)) == "good"


def test_they_see_one_changed_byte(judged, ruling):
    harmed = ruling[:3000] + bytes([ruling[3000] ^ 1]) + ruling[3001:]
    assert "content verify error" in judged(harmed)


@pytest.mark.parametrize("change", [paint_over, swap_pages, hide_seal])
def test_they_see_an_appended_revision(judged, ruling, change):
    assert judged(revised(ruling, change)) == "something was added"


def test_they_see_a_page_swapped_by_saving_anew(judged, ruling, letter):
    with pikepdf.open(io.BytesIO(ruling)) as pdf, pikepdf.open(io.BytesIO(letter)) as other:
        pdf.pages[0] = other.pages[1]
        out = io.BytesIO()
        pdf.save(out)
    assert judged(out.getvalue()) not in ("good", "something was added")


def test_they_see_a_foreign_signature(judged, other_office, letter):
    assert "local issuer" in judged(other_office.sealed(letter, mark("court")))


def test_three_hundred_pages_are_foreseen_sealed_and_found_good(judged, office):
    terms, letters = agreement(terms=7500), Letters()
    release = bundled("mediation")
    assert letters.typeset(release, "agreement", terms, draft=True).pdf
    made = letters.typeset(release, "agreement", terms)
    with pikepdf.open(io.BytesIO(made.pdf)) as pdf:
        assert len(pdf.pages) >= 300
    assert judged(office.sealed(made.pdf, mark("court"))) == "good"
