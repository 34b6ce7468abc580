"""A procedure's closure: what belongs to it, what names it, what is refused."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from engine.errors import Invalid, NotFound
from engine.package import digest, read_package, read_zip

PROCESS = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
 xmlns:ld="urn:liandiao:bpmn:1"><process id="{id}" isExecutable="true">{body}</process></definitions>"""
RULE_TASK = '<businessRuleTask id="decide" ld:decision="dt_1"/>'
CALL = '<callActivity id="call" calledElement="{}"/>'


def write(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, "utf-8")


def process(name: str, body: str = "") -> str:
    return PROCESS.format(id=name, body=body)


def zipped(**files: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return stream.getvalue()


def test_own_files_bear_their_relative_names(tmp_path: Path) -> None:
    write(tmp_path, {"p/process.bpmn": process("p"), "p/forms/ask.json": "{}", "p/.swp": "x"})
    assert list(read_package(tmp_path / "p")) == ["forms/ask.json", "process.bpmn"]


def test_only_the_shared_files_it_names_come_along(tmp_path: Path) -> None:
    write(tmp_path, {"p/process.bpmn": process("p", RULE_TASK), "shared/dt_1.dmn": "<d/>"})
    write(tmp_path, {"shared/dt_2.dmn": "<d/>", "shared/rules.toml": ""})
    assert list(read_package(tmp_path / "p")) == ["process.bpmn", "shared/dt_1.dmn"]


def test_an_own_decision_needs_no_shared_one(tmp_path: Path) -> None:
    write(tmp_path, {"p/process.bpmn": process("p", RULE_TASK), "p/dt_1.dmn": "<own/>"})
    write(tmp_path, {"shared/dt_1.dmn": "<d/>"})
    assert list(read_package(tmp_path / "p")) == ["dt_1.dmn", "process.bpmn"]


def test_registers_come_with_what_refers_to_them(tmp_path: Path) -> None:
    clock = '<extensionElements><ld:clock rule="r" starts="enter"/></extensionElements>'
    write(tmp_path, {"p/process.bpmn": process("p", f'<userTask id="a">{clock}</userTask>')})
    write(tmp_path, {"shared/rules.toml": "", "shared/sources.toml": "", "shared/roles.toml": ""})
    names = list(read_package(tmp_path / "p"))
    assert names == ["process.bpmn", "shared/rules.toml", "shared/sources.toml"]


def test_called_procedures_come_along_with_what_they_call(tmp_path: Path) -> None:
    write(tmp_path, {"p/process.bpmn": process("p", CALL.format("q"))})
    write(tmp_path, {"q/process.bpmn": process("q", CALL.format("r")), "q/forms/a.json": "{}"})
    write(tmp_path, {"r/process.bpmn": process("r", CALL.format("p"))})
    assert list(read_package(tmp_path / "p")) == [
        "call/q/forms/a.json",
        "call/q/process.bpmn",
        "call/r/process.bpmn",
        "process.bpmn",
    ]


def test_a_broken_diagram_still_makes_a_package(tmp_path: Path) -> None:
    write(tmp_path, {"p/process.bpmn": "<definitions", "p/README.md": "x"})
    assert list(read_package(tmp_path / "p")) == ["README.md", "process.bpmn"]


def test_the_digest_names_exactly_these_bytes() -> None:
    files = {"a": b"1", "b": b"2"}
    assert digest(files) == digest({"b": b"2", "a": b"1"})
    assert digest(files) != digest({"a": b"2", "b": b"1"})
    assert digest({}) == "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"


def test_a_zip_equals_its_folder(tmp_path: Path) -> None:
    write(tmp_path, {"p/process.bpmn": process("p"), "p/forms/ask.json": "{}"})
    files = read_package(tmp_path / "p")
    (tmp_path / "p.zip").write_bytes(zipped(**files))
    (tmp_path / "wrapped.zip").write_bytes(zipped(**{f"p/{name}": files[name] for name in files}))
    assert read_package(tmp_path / "p.zip") == files == read_package(tmp_path / "wrapped.zip")


def test_nothing_there_is_said() -> None:
    with pytest.raises(NotFound, match="package_missing"):
        read_package(Path("no/such/procedure"))


@pytest.mark.parametrize("name", ["../evil", "/etc/passwd", "a\\b", "c:evil", "a\x07"])
def test_a_zip_cannot_lead_outside(name: str) -> None:
    with pytest.raises(Invalid, match="package_name"):
        read_zip(zipped(**{name: b"x", "process.bpmn": b""}))


def test_a_zip_bomb_is_refused() -> None:
    with pytest.raises(Invalid, match="package_file_large"):
        read_zip(zipped(bomb=bytes(20_000_000)))
    with pytest.raises(Invalid, match="package_large"):
        read_zip(zipped(**{f"bomb{n}": bytes(9_000_000) for n in range(6)}))
    with pytest.raises(Invalid, match="package_large"):
        read_zip(zipped(**{f"f{n}": b"" for n in range(1001)}))


def test_a_damaged_zip_is_refused() -> None:
    with pytest.raises(Invalid, match="package_zip_broken"):
        read_zip(zipped(a=b"x" * 1000)[:-30])


def test_a_link_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    write(tmp_path, {"p/process.bpmn": process("p")})
    (tmp_path / "p/secret").symlink_to("/etc/passwd")
    with pytest.raises(Invalid, match="package_link"):
        read_package(tmp_path / "p")
