"""The typesetter: the same data gives the same bytes, data is never markup, nothing is silently blank."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from io import BytesIO
from shutil import copy

import pytest
from pylopdf_fonts_zh_cn import sans_path
from pypdf import PdfReader

from engine.errors import Failed, Invalid, NotFound
from engine.model import Release
from engine.services.fonts import FontStack
from engine.services.typesetting import Letters
from tests.bpmn.test_scenarios import bundled

AT = datetime(2026, 3, 12, 2, tzinfo=UTC)
PARTIES = [{"id": "p1", "side": "A", "name": "张喆"}, {"id": "p2", "side": "B", "name": "李赟玥"}]
TERM = {"obligation": "支付修缮费", "obligor": "p2", "obligee": "p1"}


@pytest.fixture(scope="module")
def letters():
    return Letters()


def agreement(facts="排水沟堵塞。", terms=1):
    told = {"facts": facts, "terms": [TERM] * terms, "covers": "ALL"}
    organ = {"name": "石桥镇人民调解委员会", "court": ""}
    return {"parties": PARTIES, "agreement": told, "organ": organ, "document": {"at": AT}}


def made(letters, data, **options):
    return letters.typeset(bundled("mediation"), "agreement", data, **options)


def text(pdf):
    return "".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)


def test_the_same_data_gives_the_same_bytes_in_any_process(letters):
    assert made(letters, agreement()).pdf == made(Letters(), agreement()).pdf


def test_another_day_gives_other_bytes(letters):
    later = agreement() | {"document": {"at": AT + timedelta(days=1)}}
    assert made(letters, later).pdf != made(letters, agreement()).pdf


def test_it_is_tagged_archivable_with_its_fonts_within(letters):
    read = PdfReader(BytesIO(made(letters, agreement()).pdf))
    root = read.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "zh-CN"
    meta = root["/Metadata"].get_data()
    assert b"pdfaid:part>2<" in meta
    assert b"pdfaid:conformance>A<" in meta
    assert b"pdfuaid:part>1<" in meta
    fonts = [font for page in read.pages for font in page["/Resources"]["/Font"].values()]
    below = [one.get_object()["/DescendantFonts"][0].get_object() for one in fonts]
    assert all("+" in one["/BaseFont"] for one in below)  # a subset
    assert all("/FontFile3" in one["/FontDescriptor"] for one in below)


@pytest.mark.parametrize(
    "told", ['#read("/etc/passwd")', "$x$ *b* _i_ `c` \\ <b>粗</b>", "{{x}} ${x} %s", "#import"]
)
def test_markup_in_data_stays_text(letters, told):
    found = text(made(letters, agreement(facts=told)).pdf)
    assert told.replace(" ", "") in found.replace(" ", "").replace("\n", "")


def test_very_long_names_and_rare_characters_within_the_font_are_set(letters):
    data = agreement() | {
        "parties": [{**PARTIES[0], "name": "买买提·阿不都热合曼" * 20}, PARTIES[1]]
    }
    found = text(made(letters, data).pdf).replace("\n", "")
    assert "李赟玥" in found
    assert "热合曼买买提" in found


RARE = ["\U0002b740", "\U0003134a", "\U00020bb7", "😀", "👨\u200d👧", "\ue000", "\u200b", "\x07"]
"""Extensions D, G and B, emoji, private use, nothing to be seen."""


@pytest.mark.parametrize("character", RARE)
def test_a_character_without_a_font_is_told_with_its_field(letters, character):
    found = made(letters, agreement(facts=f"王{character}某"))
    (problem,) = found.problems
    assert found.pdf == b""
    assert problem.pointer == "/agreement/facts"
    assert f"U+{ord(character[0]):04X}" in problem.params["characters"]


@pytest.mark.parametrize("place", ["document", "organ"])
def test_a_head_without_a_font_is_told_too(letters, place):
    data = agreement()
    data[place] = {**data[place], "title": "王𫝀某调解书"}
    (problem,) = made(letters, data).problems
    assert problem.pointer == f"/{place}/title"


def test_a_draft_is_set_all_the_same_and_says_so(letters):
    found = made(letters, agreement(facts="王𫝀某"), draft=True)
    assert "王〓某" in text(found.pdf)
    assert "草稿" in text(found.pdf)
    assert found.problems


def test_what_it_needs_is_missing_by_field(letters):
    found = made(letters, agreement(facts="", terms=0))
    assert [one.pointer for one in found.problems] == ["/agreement/facts", "/agreement/terms"]


def test_the_seal_lies_over_the_date_on_the_last_page_with_room_around(letters):
    found = made(letters, agreement())
    seal = next(one for one in found.anchors if one.name == "seal")
    pages = len(PdfReader(BytesIO(found.pdf)).pages)
    assert seal.page == pages
    assert 60 < seal.x < 535
    assert 60 < seal.y < 780


def test_a_broken_template_is_refused_with_its_reason(letters):
    files = {**bundled("mediation").files, "letters/agreement.typ": _broken()}
    with pytest.raises(Failed) as refused:
        letters.typeset(Release("mediation", "broken", files), "agreement", agreement())
    assert "unknown variable" in refused.value.params["reason"]


def _broken():
    return bundled("mediation").files["letters/agreement.typ"] + b"\n#nowhere\n"


def test_there_is_no_such_letter(letters):
    with pytest.raises(NotFound, match="template_unknown"):
        letters.typeset(bundled("mediation"), "nothing", agreement())


def test_the_end_of_the_file_ends_its_line(letters):
    assert made(letters, agreement()).pdf.endswith(b"%%EOF\n")


# Fonts of an office ------------------------------------------------------------------------


def test_fonts_of_the_office_go_first_by_role(tmp_path):
    copy(sans_path(), tmp_path / "office.otf")
    (tmp_path / "fonts.toml").write_text('body = ["Noto Sans SC"]\n', "utf-8")
    read = PdfReader(BytesIO(made(Letters(FontStack(tmp_path)), agreement()).pdf))
    names = {one["/BaseFont"] for one in read.pages[0]["/Resources"]["/Font"].values()}
    assert any("NotoSansSC" in str(name) for name in names)


@pytest.mark.parametrize("told", ["body = 3", "body = [", 'head2 = ["x"]'])
def test_a_wrong_table_of_fonts_is_refused_at_start(tmp_path, told):
    copy(sans_path(), tmp_path / "a.otf")
    (tmp_path / "fonts.toml").write_text(told, "utf-8")
    with pytest.raises(Invalid, match="fonts_table"):
        FontStack(tmp_path)


def test_a_folder_without_fonts_is_refused_at_start(tmp_path):
    with pytest.raises(Invalid, match="fonts_missing"):
        FontStack(tmp_path)
