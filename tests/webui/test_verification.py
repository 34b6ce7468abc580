"""Verifying everything in a folder: in pages, on several processes, taken up after an interrupt."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from engine.commands.releases import INSTALLATION
from engine.proofs.prover import KINDS
from tests.cast import CLERK
from tests.webui.conftest import FILES, XML
from webui import verification
from webui.cli import main
from webui.verification import Verification


@pytest.fixture(autouse=True)
def small_pages(monkeypatch):
    monkeypatch.setattr(verification, "PAGE", 5)


@pytest.fixture
def folder(built):
    """A folder with eight cases and a file; one of its releases is not what its name says."""
    built.engine._publish(INSTALLATION, INSTALLATION, "small", {**FILES, "process.bpmn": XML}, "")
    for n in range(8):
        built.engine.begin(CLERK, "small", {"/dispute/title": f"漏水{n}"})
    built.blobs.put(b"a photograph")
    return built.config


def judged(run):
    return [verdict.case for verdicts in run for verdict in verdicts]


def test_everything_is_judged_once_and_in_order(folder):
    one = Verification(folder)
    names = judged(one.run())
    assert len(names) == len(set(names)) == one.progress.passed + one.progress.failed
    assert one.progress.failed == 1
    assert one.progress.kind == KINDS[-1]


def test_several_processes_say_the_same(folder):
    assert judged(Verification(folder, 2).run()) == judged(Verification(folder, 1).run())


def test_an_interrupted_verification_goes_on_where_it_stopped(folder):
    whole = judged(Verification(folder).run())
    run = Verification(folder).run()
    begun = [verdict.case for _ in range(3) for verdict in next(run)]
    run.close()
    rest = Verification(folder, resume=True)
    assert begun + judged(rest.run()) == whole
    assert rest.progress.passed + rest.progress.failed == len(whole)


def test_a_finished_one_leaves_nothing_to_resume(folder):
    judged(Verification(folder).run())
    again = Verification(folder, resume=True)
    assert (again.progress.kind, again.progress.passed) == ("", 0)


def test_progress_that_cannot_be_read_means_from_the_beginning(folder):
    (folder.data / verification.KEPT).write_text(json.dumps(["?"]), "utf-8")
    assert Verification(folder, resume=True).progress.kind == ""


def test_the_product_writes_while_everything_is_verified(built, folder):
    run = Verification(folder).run()
    next(run)
    written = built.engine.begin(CLERK, "small", {"/dispute/title": "正在核对时"})
    assert written.seq == 0
    assert written.id in judged(run)


def test_an_interrupt_says_how_far_it_came_and_how_to_go_on(folder, monkeypatch):
    def broken_off(self):
        self.progress.passed = 7
        yield []
        raise KeyboardInterrupt

    monkeypatch.setattr(Verification, "run", broken_off)
    settings = {"LIANDIAO_DATA": str(folder.data), "LIANDIAO_LANG": "en"}
    result = CliRunner().invoke(main, ["verify", "--all"], env=settings)
    assert (result.exit_code, result.stdout) == (130, "7 passed, 0 failed\n")
    assert "--resume" in result.stderr
