"""What a sealed file is: the level, the picture, the order of signatures, what keeps it archivable."""

from __future__ import annotations

import io
import stat

import pikepdf
import pytest
from pyhanko.pdf_utils.reader import PdfFileReader

from engine.errors import Failed
from engine.sealports import DEMONSTRATION
from engine.services.seal.keyfiles import KeyFiles
from tests.seal.offices import COURT, NOW, mark, signed_by


def opened(content):
    return pikepdf.open(io.BytesIO(content))


def test_a_seal_is_good_for_the_long_term(office, ruling):
    verified = office.seals.verify(ruling)
    assert (verified.result, verified.level) == ("OK", "B-LTA")
    assert [(one.holder, one.signed_at) for one in verified.signatures] == [(COURT, NOW)]


def test_nothing_may_change_after_the_only_signature(ruling):
    signature = PdfFileReader(io.BytesIO(ruling)).embedded_regular_signatures[0]
    assert signature.docmdp_level.value == 1


def test_judge_clerk_and_court_sign_in_order(office, letter):
    marks = [mark("judge", 700, False), mark("clerk", 680, False), mark("court")]
    verified = office.seals.verify(office.sealed(letter, *marks))
    assert (verified.result, verified.level) == ("OK", "B-LTA")
    assert [one.field for one in verified.signatures] == ["judge", "clerk", "court"]


def test_the_seal_is_drawn_over_the_date_and_lets_it_through(ruling):
    with opened(ruling) as pdf:
        widget = pdf.pages[1].Annots[0]
        drawn = widget.AP.N
        assert [float(side) for side in widget.Rect] == pytest.approx(
            [90.47, 690.47, 209.53, 809.53]
        )
        assert str(drawn.Resources.ExtGState.BackgroundGS.BM) == "/Multiply"
        assert b" c\n" in drawn.Resources.XObject.Seal.read_bytes()  # curves, not a picture


def test_a_demonstration_says_so_on_every_page(ruling):
    with opened(ruling) as pdf:
        for page in pdf.pages:
            last = pikepdf.unparse_content_stream(pikepdf.parse_content_stream(page))
            assert last.rstrip().endswith(b"EMC")
            assert b"/Artifact BMC" in last
    assert "不具法律效力" in DEMONSTRATION


def test_the_file_stays_archivable_and_accessible(ruling):
    with opened(ruling) as pdf:
        xmp = pdf.open_metadata()
        assert (xmp["pdfaid:part"], xmp["pdfaid:conformance"]) == ("2", "A")
        assert xmp["pdfuaid:part"] == "1"
        widget = pdf.pages[1].Annots[0]
        assert (int(widget.F), str(widget.TU), pdf.pages[1].Tabs) == (4, COURT, "/S")
        top = pdf.Root.StructTreeRoot.K
        top = top[0] if isinstance(top, pikepdf.Array) else top
        named = top.K[-1]
        assert named.S == "/Form"
        assert COURT in str(named.Alt)
        assert named.K.Obj.T == "court"


def test_keys_are_made_once_and_only_their_owner_reads_them(other_office):
    first = other_office.certificates("court")["court"]
    assert other_office.certificates("court")["court"] == first
    modes = {stat.S_IMODE(path.stat().st_mode) for path in other_office.folder.iterdir()}
    assert modes == {0o600}


def test_a_wrong_passphrase_is_refused(other_office):
    other_office.certificates("court")
    with pytest.raises(Failed) as refused:
        KeyFiles(other_office.folder, "wrong", rounds=1000).read("court")
    assert refused.value.code == "seal_pin_wrong"
    assert refused.value.permanent


def test_a_lost_key_is_named(other_office, letter):
    other_office.certificates("court")
    (other_office.folder / "court.p12").unlink()
    other_office.files._open.clear()
    with pytest.raises(Failed) as refused:
        signed_by(other_office.seals, letter, [mark("court")], {"court": b""})
    assert refused.value.code == "seal_key_missing"
