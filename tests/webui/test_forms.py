"""A form on the page: native controls, nothing typed is lost, files are what they are."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import pytest
from lxml import html
from werkzeug.datastructures import FileStorage, MultiDict

from engine.forms import read_form
from tests.webui.demo import NOW, TYPES, Shelf, demo_app
from webui.forms import Picker, View, from_request
from webui.forms.filetypes import clean_name, type_of
from webui.forms.refs import open_file, seal_file

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40


def words(zh: str, en: str = "") -> dict[str, str]:
    return {"zh": zh, "en": en or zh}


def shared(name: str) -> dict[str, str]:
    return {"$ref": f"shared/types.json#/$defs/{name}"}


PROPERTIES = {
    "name": {"type": "string", "ui": {"label": words("姓名", "Name"), "help": words("全名")}},
    "amount": shared("money"),
    "half": shared("money"),
    "more": {"type": "string", "ui": {"label": words("说明"), "show": "amount > 100"}},
    "day": shared("day"),
    "paper": shared("file"),
    "proofs": shared("files"),
    "org": shared("organisation"),
    "parties": shared("parties"),
}
UI = {
    "title": words("登记", "Register"),
    "order": [f"/{name}" for name in PROPERTIES],
    "fields": {"/half": {"compute": "amount / 2"}},
    "outcomes": [{"id": "done", "label": words("完成", "Done")}],
}
FORM = read_form(
    json.dumps(
        {"schema": {"type": "object", "required": ["name"], "properties": PROPERTIES}, "ui": UI}
    ).encode(),
    TYPES,
)
PARTY = {"/parties/0/side": "A", "/parties/0/kind": "NATURAL", "/parties/0/name": "㑇𫝀"}


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
def page(shelf: Shelf) -> Any:
    pickers = {"organisation": Picker([("o1", "西山调委会"), ("o2", "城关司法所")])}
    return demo_app(FORM, View({}, NOW, pickers=pickers), shelf, "zh").test_client()


def drawn(answer: Any) -> Any:
    return html.fromstring(answer.get_data(as_text=True))


def control(answer: Any, name: str) -> Any:
    return drawn(answer).xpath(f"//*[@name='{name}']")[0]


def upload(content: bytes, name: str) -> tuple[io.BytesIO, str]:
    return io.BytesIO(content), name


def test_every_control_has_its_label(page: Any) -> None:
    tree = drawn(page.get("/"))
    labelled = set(tree.xpath("//label/@for")) | set(tree.xpath("//*[@aria-label]/@id"))
    kinds = "self::input[not(@type='hidden')] or self::select or self::textarea"
    assert set(tree.xpath(f"//*[{kinds}]/@id")) <= labelled
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids))


def test_required_is_said_in_words(page: Any) -> None:
    assert drawn(page.get("/")).xpath("//label[@for='f/name']/span[@data-need]/text()") == ["必填"]


def test_the_page_speaks_english(shelf: Shelf) -> None:
    answer = demo_app(FORM, View({}, NOW), shelf, "en").test_client().get("/")
    assert drawn(answer).xpath("//label[@for='f/name']/text()")[0] == "Name"
    assert "Add: Party" in answer.get_data(as_text=True)


def test_what_is_wrong_stands_on_top_and_beside_the_field(page: Any) -> None:
    answer = page.post("/", data={"/amount": "很多", "outcome": "done", **PARTY})
    tree = drawn(answer)
    assert answer.status_code == 422
    assert tree.xpath("//div[@id='problems']//a/@href") == ["#f/name", "#f/amount"]
    assert control(answer, "/amount").get("aria-describedby") == "f/amount-wrong"
    assert control(answer, "/amount").get("aria-invalid") == "true"
    assert control(answer, "/name").get("aria-describedby") == "f/name-wrong f/name-help"


def test_nothing_typed_is_lost(page: Any) -> None:
    typed = {"/amount": "<b>很多</b>", "/day": "昨天", "/more": "藏着的", "/org": "o2", **PARTY}
    answer = page.post("/", data={**typed, "outcome": "done"})
    for name, value in typed.items():
        found = control(answer, name)
        assert (found.value if found.tag == "select" else found.get("value")) == value
    assert control(answer, "/day").get("type") == "text"


def test_a_hidden_field_is_there_but_hidden(page: Any) -> None:
    assert "hidden" in drawn(page.get("/")).xpath("//div[@data-at='/more']")[0].attrib
    shown = drawn(page.post("/refresh", data={"/amount": "101"}))
    assert "hidden" not in shown.xpath("//div[@data-at='/more']")[0].attrib


def test_a_computed_field_is_read_only(page: Any) -> None:
    tree = drawn(page.post("/refresh", data={"/amount": "25"}))
    assert tree.xpath("//output[@id='f/half']/text()") == ["¥12.50"]
    assert not tree.xpath("//*[@name='/half']")


def test_rows_come_and_go_without_a_script(page: Any) -> None:
    more = page.post("/", data={"~add": "/parties", **PARTY})
    assert len(drawn(more).xpath("//div[@class='form-row']")) == 2
    second = {name.replace("/0/", "/1/"): value for name, value in PARTY.items()}
    less = page.post(
        "/", data={"~remove": "/parties/0", **PARTY, **second, "/parties/1/name": "乙"}
    )
    assert control(less, "/parties/0/name").get("value") == "乙"
    assert not drawn(less).xpath("//*[@name='/parties/1/name']")


def test_enter_changes_nothing(page: Any) -> None:
    first = drawn(page.get("/")).xpath("(//form//button)[1]")[0]
    assert first.get("name") == "~refresh"
    assert page.post("/", data={"~refresh": "1", "/name": "甲"}).status_code == 200
    assert "done" not in page.application.extensions


def test_a_wrong_column_is_named_by_its_row(page: Any) -> None:
    data = {"/name": "甲", "outcome": "done", **PARTY, "/parties/0/phone": "1"}
    said = drawn(page.post("/", data=data)).xpath("//div[@id='problems']//a")[0]
    assert said.text.startswith("当事人 1 联系电话")
    assert said.get("href") == "#f/parties/0/phone"


def test_a_file_is_kept_while_the_rest_is_corrected(page: Any, shelf: Shelf) -> None:
    first = page.post("/", data={"/paper": upload(PNG, "借条.png"), "outcome": "done", **PARTY})
    token = control(first, "/paper").get("value")
    assert "借条.png" in first.get_data(as_text=True)
    page.post("/", data={"/paper": token, "/name": "甲", "outcome": "done", **PARTY})
    kept = page.application.extensions["done"].values["/paper"]
    assert (kept["name"], kept["type"]) == ("借条.png", "image/png")
    assert shelf.kept[kept["digest"]] == PNG


def test_several_files_and_one_taken_back(page: Any) -> None:
    both = [upload(PNG, "a.png"), upload(b"%PDF-1.7\n", "b.pdf")]
    answer = page.post("/", data={"/proofs": both, "~refresh": "1"})
    tokens = [one.get("value") for one in drawn(answer).xpath("//input[@name='/proofs'][@value]")]
    assert len(tokens) == 2
    less = page.post("/", data={"/proofs": tokens, "~remove": "/proofs/0"})
    assert drawn(less).xpath("//p[@class='kept']/b/text()") == ["b.pdf"]


def test_a_made_up_file_is_nobody_elses(page: Any) -> None:
    told = json.dumps({"digest": "ab" * 32, "name": "a.pdf", "size": 1, "type": "application/pdf"})
    page.post("/", data={"/paper": told, "/name": "甲", "outcome": "done", **PARTY})
    assert "/paper" not in page.application.extensions["done"].values


@pytest.mark.parametrize(
    ("content", "name", "why"),
    [
        (b"<html><script>alert(1)</script>", "a.jpg", "不是可接受的类型"),
        (b"MZ" + b"\0" * 300, "合同.pdf", "不是可接受的类型"),
        (b"\xff\xd8\xff\xe0" + b"\0" * 40, "合同.pdf", "不符"),
        (b"", "空.pdf", "是空的"),
        (b"%PDF-1.7\n" + b"0" * 300_000, "大.pdf", "超过 256 KB"),
    ],
)
def test_a_file_that_lies_is_not_taken(
    page: Any, shelf: Shelf, content: bytes, name: str, why: str
) -> None:
    answer = page.post("/", data={"/name": "甲", "/paper": upload(content, name), **PARTY})
    assert why in drawn(answer).xpath("string(//div[@id='problems'])")
    assert control(answer, "/name").get("value") == "甲"
    assert not shelf.kept


def packed(*members: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        for member in members:
            package.writestr(member, "x")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [
        (packed("OFD.xml"), "a.ofd", "application/ofd"),
        (packed("[Content_Types].xml", "word/document.xml"), "a.docx", "wordprocessingml.document"),
        (packed("a.txt"), "a.docx", ""),
        (b"PK\x03\x04broken", "a.docx", ""),
        ("借款一万元".encode("gb18030"), "a.txt", "text/plain"),
        ("\ufeff甲,乙\n".encode(), "a.csv", "text/csv"),
        (b"<svg onload=alert(1)>", "a.txt", ""),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "a.wps", "application/msword"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "a.msi", ""),
    ],
)
def test_the_content_says_what_a_file_is(content: bytes, name: str, kind: str) -> None:
    assert type_of(content, name).endswith(kind)
    assert bool(type_of(content, name)) is bool(kind)


def test_a_file_name_is_only_a_name() -> None:
    assert clean_name("C:\\temp\\..\\借\x00条\u202egpj.pdf") == "借条gpj.pdf"
    assert clean_name("../../etc/passwd") == "passwd"
    assert clean_name("长" * 300 + ".pdf") == "长" * 110 + ".pdf"


def test_a_row_problem_follows_its_row(page: Any, shelf: Shelf) -> None:
    form = read_form(
        json.dumps(
            {
                "schema": {"type": "object", "properties": {"materials": shared("materials")}},
                "ui": {"order": ["/materials"]},
            }
        ).encode(),
        TYPES,
    )
    lying = FileStorage(io.BytesIO(b"MZ"), filename="a.pdf")
    typed = MultiDict({"/materials/2/name": "", "/materials/5/name": "身份证"})
    with page.application.app_context():
        received = from_request(form, typed, MultiDict({"/materials/5/file": lying}), shelf)
    assert received.problems[0].pointer == "/materials/0/file"
    assert received.raw["/materials/0/name"] == ["身份证"]


def test_a_token_is_sealed(page: Any) -> None:
    with page.application.app_context():
        assert open_file(seal_file('{"digest": "x"}')) == '{"digest": "x"}'
        assert open_file("eyJkaWdlc3QiOiJ4In0.forged") is None


def test_read_only_shows_words_and_hides_numbers(shelf: Shelf) -> None:
    party = {"side": "A", "kind": "NATURAL", "name": "杨桂英", "id_type": "ID_CARD"}
    context = {"name": "甲", "parties": [{**party, "id_no": "530102198005080117"}]}
    answer = demo_app(FORM, View(context, NOW, readonly=True), shelf, "zh").test_client().get("/")
    tree = drawn(answer)
    assert not tree.xpath("//*[self::input or self::select or self::textarea]")
    assert "5301**********0117" in tree.xpath("string(//table)")
    assert "自然人" in tree.xpath("string(//table)")


def test_two_megabytes_come_back_with_a_sentence(page: Any) -> None:
    page.application.config["MAX_FORM_MEMORY_SIZE"] = 8 * 1024 * 1024
    answer = page.post("/", data={"/name": "案" * 700_000, "outcome": "done", **PARTY})
    assert "超过长度上限 200" in drawn(answer).xpath("string(//div[@id='problems'])")
    assert len(control(answer, "/name").get("value")) == 700_000


def test_a_picker_offers_only_whom_the_options_name(shelf: Shelf) -> None:
    label = {"label": {"zh": "调解组织", "en": "Organisation"}}
    narrowed = {**label, "widget": "picker", "options": "registers.listed.org"}
    schema = {"type": "object", "properties": {"org": {"type": "string", "format": "organisation"}}}
    ui = {"order": ["/org"], "fields": {"/org": narrowed}}
    form = read_form(json.dumps({"schema": schema, "ui": ui}).encode(), TYPES)
    pickers = {"organisation": Picker([("o1", "西山调委会"), ("o2", "城关司法所")])}
    for listed, offered in (([{"org": "o2"}], ["", "o2"]), ([], ["", "o1", "o2"])):
        view = View({"registers": {"listed": listed}}, NOW, pickers=pickers)
        client = demo_app(form, view, shelf, "zh").test_client()
        assert control(client.get("/"), "/org").xpath(".//option/@value") == offered
