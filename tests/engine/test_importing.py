"""What designers bring from elsewhere: it opens as it came, is laid out, or is refused in words."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from engine.diagram import read_diagram
from engine.errors import Invalid
from engine.importing import read_import
from engine.package import own_files, read_package, read_zip, write_zip
from engine.texts import text

BPMN = Path(__file__).parent.parent.parent / "bpmn"
MODEL = "http://www.omg.org/spec/BPMN/20100524/MODEL"
CAMUNDA = f"""<definitions xmlns="{MODEL}" xmlns:camunda="http://camunda.org/schema/1.0/bpmn"
  xmlns:x="urn:x" targetNamespace="t"><!-- a word -->
  <process id="p" isExecutable="true" camunda:historyTimeToLive="7">
    <startEvent id="a"/><sequenceFlow id="f" sourceRef="a" targetRef="b"/>
    <userTask id="b" name="核对 Überprüfung مراجعة" camunda:assignee="${{x}}">
      <extensionElements><camunda:formData/><x:own a="1"/></extensionElements></userTask>
    <sequenceFlow id="g" sourceRef="b" targetRef="c"/><endEvent id="c"/>
  </process></definitions>""".encode()


def many(count):
    nodes = "".join(f'<task id="t{n}"/>' for n in range(count))
    flows = "".join(
        f'<sequenceFlow id="f{n}" sourceRef="t{n}" targetRef="t{n + 1}"/>' for n in range(count - 1)
    )
    return f'<definitions xmlns="{MODEL}"><process id="p">{nodes}{flows}</process></definitions>'


def pools(*names):
    inside = "".join(f'<process id="{n}"><task id="t_{n}"/></process>' for n in names)
    outside = "".join(f'<participant id="pool_{n}" processRef="{n}"/>' for n in names)
    top = f'<collaboration id="c">{outside}</collaboration>'
    return f'<definitions xmlns="{MODEL}">{top}{inside}</definitions>'.encode()


def without_process(inside):
    return f'<definitions xmlns="{MODEL}">{inside}</definitions>'.encode()


@pytest.mark.parametrize("folder", sorted(p.parent for p in BPMN.glob("*/process.bpmn")), ids=str)
def test_a_zip_equals_the_folder(folder):
    own = own_files(read_package(folder))
    packed = write_zip(folder.name, own)
    assert packed == write_zip(folder.name, dict(reversed(own.items())))
    assert read_import(packed).files == own
    assert all((folder / name).read_bytes() == content for name, content in own.items())


def test_what_is_not_drawn_is_laid_out_and_foreign_parts_stay():
    found = read_import(CAMUNDA).files["process.bpmn"]
    assert set(read_diagram(found).shapes) == {"a", "b", "c"}
    for kept in (
        "<!-- a word -->",
        'camunda:assignee="${x}"',
        '<x:own a="1"/>',
        "Überprüfung مراجعة",
    ):
        assert kept in found.decode(), kept
    assert read_import(found).files["process.bpmn"] == found


def test_what_is_drawn_in_part_is_completed():
    whole = read_import(CAMUNDA).files["process.bpmn"]
    grown = whole.replace(b"</process>", b'<task id="new"/></process>')
    found = read_diagram(read_import(grown).files["process.bpmn"])
    before = read_diagram(whole)
    assert found.shapes["b"].bounds == before.shapes["b"].bounds
    assert "new" in found.shapes


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"  ", "import_empty"),
        (b"hello", "import_not_xml"),
        (b"\x89PNG\r\n\x1a\n", "import_encoding"),
        (b'{"resourceId": "canvas"}', "import_not_xml"),
        (CAMUNDA[:-30], "xml_broken"),
        (CAMUNDA.decode().encode("gbk", "ignore"), "import_encoding"),
        (b"<!DOCTYPE a><a/>", "xml_doctype"),
        (b"<html/>", "import_page"),
        (b"<svg/>", "xml_not_bpmn"),
        (b"<AML/>", "import_aml"),
        (b'<definitions xmlns="http://www.omg.org/spec/CMMN/20151109/MODEL"/>', "import_cmmn"),
        (b'<definitions xmlns="http://schema.omg.org/spec/BPMN/2.0"/>', "import_beta"),
        (without_process("<choreography id='c'/>"), "import_choreography"),
        (
            without_process("<collaboration id='c'><conversation/></collaboration>"),
            "import_conversation",
        ),
        (b'<Package xmlns="http://www.wfmc.org/2009/XPDL2.2"/>', "import_xpdl"),
        (b'<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/"/>', "import_dmn"),
        (b"<pnml/>", "import_pnml"),
        (f'<definitions xmlns="{MODEL}"/>'.encode(), "xml_no_process"),
        (b"PK\x03\x04 broken", "package_zip_broken"),
    ],
)
def test_the_rest_is_refused_in_words(content, code):
    with pytest.raises(Invalid) as refused:
        read_import(content)
    assert refused.value.code == code
    assert text(code, "zh", refused.value.params) != text(code, "en", refused.value.params)


def zipped(**files):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "."), content)
    return buffer.getvalue()


def test_a_zip_with_one_diagram_of_any_name_will_do():
    assert set(read_import(zipped(order__bpmn=CAMUNDA, notes__txt=b"x")).files) == {
        "process.bpmn",
        "notes.txt",
    }
    for files, code in (
        ({"notes__txt": b"x"}, "import_no_diagram"),
        ({"a__bpmn": CAMUNDA, "b__bpmn": CAMUNDA}, "import_many_diagrams"),
    ):
        with pytest.raises(Invalid) as refused:
            read_import(zipped(**files))
        assert refused.value.code == code


def test_shared_files_of_another_installation_do_not_come_along():
    release = read_package(BPMN / "mediation")
    assert any(name.startswith("shared/") for name in release)
    found = read_import(write_zip("mediation", release)).files
    assert found == read_zip(write_zip("mediation", own_files(release)))
