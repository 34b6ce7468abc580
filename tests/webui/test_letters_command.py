"""``liandiao letters``: every letter of a procedure with the data of its scenarios."""

from __future__ import annotations

from shutil import copytree

from tests.conftest import BPMN
from tests.webui.test_cli import run


def test_every_letter_of_a_procedure_is_set(tmp_path):
    code, said = run(tmp_path, "letters", str(BPMN / "objection"), "--out", str(tmp_path / "out"))
    assert (code, said.splitlines()[-1]) == (0, "2 set, 0 not set")
    made = {one.name for one in (tmp_path / "out" / "objection").iterdir()}
    assert made == {"objection.pdf", "objection_ruling.pdf"}


def test_a_template_that_does_not_compile_with_their_data_is_told(tmp_path):
    for name in ("shared", "objection"):
        copytree(BPMN / name, tmp_path / name)
    file = tmp_path / "objection" / "letters" / "objection.typ"
    file.write_text(file.read_text("utf-8") + "\n#nowhere\n", "utf-8")
    code, said = run(tmp_path, "letters", str(tmp_path / "objection"))
    assert code == 1
    assert "objection/letters/objection:" in said
    assert "unknown variable" in said
