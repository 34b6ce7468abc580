"""The command for networks without a line: out to a file, in from it, twice if need be."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from tests.exchange.offices import link
from webui.cli import main


@pytest.fixture
def run(justice, court):
    """``run(court, "import", file)``: (exit code, last line)."""
    link(justice, court, (), ("asked",))
    link(court, justice, ("asked",), ())
    justice.begin("asking")
    justice.work()

    def ran(office, action, file, *more):
        folder = str(office.built.config.data)
        settings = {"LIANDIAO_DATA": folder, "LIANDIAO_OFFICE": office.code, "LIANDIAO_LANG": "en"}
        words = ["messages", action, str(file), *more]
        found = CliRunner().invoke(main, words, env=settings)
        return found.exit_code, found.output.strip().splitlines()[-1]

    return ran


def test_a_file_goes_out_and_comes_in_once(run, justice, court, tmp_path):
    file = tmp_path / "messages.json"
    out = run(justice, "export", file, "--office", "court", "--by", "admin")
    assert out == (0, f"1 messages exported: {file}")
    assert "justice -> court: 1 messages" in run(court, "show", file)[1]
    assert run(court, "import", file, "--by", "admin") == (0, "1 new, 0 came before, 0 refused")
    assert run(court, "import", file, "--by", "admin") == (0, "0 new, 1 came before, 0 refused")


def test_what_is_wrong_is_said_and_nothing_is_taken(run, justice, court, tmp_path):
    file = tmp_path / "messages.json"
    assert run(justice, "export", file, "--office", "court", "--by", "clerk")[0] == 2
    run(justice, "export", file, "--office", "court", "--by", "admin")
    file.write_bytes(file.read_bytes().replace(b"K-1", b"K-2"))
    code, said = run(court, "import", file, "--by", "admin")
    assert (code, "signature does not hold" in said) == (2, True)
    assert run(court, "import", file, "--by", "nobody")[0] == 2
