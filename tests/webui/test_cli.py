"""The command line, on a folder of its own: it serves newcomers, operators and auditors."""

from __future__ import annotations

import json
import sqlite3
from functools import partial
from shutil import copytree

import pytest
from click.testing import CliRunner

from tests.conftest import BPMN
from webui.cli import main
from webui.demo import sign_ins


def run(folder, *words):
    """(exit code, what it printed) of a command on a data folder, in English."""
    settings = {"LIANDIAO_DATA": str(folder), "LIANDIAO_LANG": "en"}
    result = CliRunner().invoke(main, list(words), env=settings)
    return result.exit_code, result.output


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory):
    """A folder that ``liandiao demo`` filled."""
    folder = tmp_path_factory.mktemp("demonstration")
    assert run(folder, "demo", "--cases", "2")[0] == 0
    return folder


@pytest.fixture
def call(tmp_path):
    """``call("verify", "--all")`` in an empty data folder."""
    return partial(run, tmp_path)


@pytest.fixture
def filled(tmp_path, demonstration):
    """The same in a copy of the filled one."""
    return partial(run, copytree(demonstration, tmp_path / "data"))


def test_a_filled_folder_verifies_and_replays(filled):
    code, said = filled("verify", "--all", "--json")
    cases = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
    assert code == 0
    assert all(one["same"] for one in cases)
    case = next(one["case"] for one in cases if one["replayed"])
    assert filled("replay", case)[1].rstrip().splitlines()[-1].startswith("replays the same")


def test_an_altered_entry_is_named(filled, tmp_path):
    with sqlite3.connect(tmp_path / "data" / "liandiao.db") as database:
        for (name,) in database.execute(
            "SELECT name FROM sqlite_master WHERE type='trigger'"
        ).fetchall():
            database.execute(f"DROP TRIGGER {name}")
        database.execute("UPDATE journal SET actor='nobody' WHERE seq=1 AND stream LIKE 'case:%'")
    code, said = filled("verify", "--all")
    assert code == 1
    assert "Entry no. 1 was altered" in said


def test_incidents_are_listed_and_retried(filled):
    code, said = filled("incidents", "--json")
    held = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
    assert (code, len(held)) == (0, 3)
    assert filled("incidents", "--retry", held[0]["id"], "--reason", "mended")[0] == 0
    assert filled("incidents")[1].rstrip().endswith("2 open incidents")


def test_a_demonstration_is_added_once(filled):
    assert filled("demo")[0] == 2


def test_a_diagram_runs_without_a_database(call, tmp_path):
    given = tmp_path / "given.json"
    given.write_text(json.dumps({"start": {"/dispute/path": "LIGHT"}}), "utf-8")
    code, said = call(
        "run", str(BPMN / "video_session/process.bpmn"), "--data", str(given), "--trace"
    )
    assert code == 1
    assert "waits after" in said.splitlines()[-1]


def test_the_list_of_commands_is_whole_in_both_languages(call):
    said = " ".join(call("--help")[1].split())
    assert "..." not in said.replace("[ARGS]...", "")
    assert "检查规程能否发布。 Check whether procedures may be published." in said


def test_what_is_wrong_says_so_and_how(call, tmp_path):
    broken = tmp_path / "broken.bpmn"
    broken.write_text("<definitions/>", "utf-8")
    for command in ("check", "run"):
        code, said = call(command, str(broken))
        assert (code > 0, "BPMN" in said, "zip" in said.lower()) == (True, True, False)
    lone = tmp_path / "lone.bpmn"
    lone.write_bytes((BPMN / "video_session/process.bpmn").read_bytes())
    code, said = call("check", str(lone))
    assert (code, "[error]" in said, said.splitlines()[-1][:12]) == (1, True, "1 procedures")
    assert call("verify")[0] == 2
    assert call("publish", str(BPMN / "mediation"), "--author", "a", "--approver", "b")[0] == 2


def test_what_is_not_there_is_said_in_a_sentence(filled, tmp_path):
    assert filled("replay", "nobody") == (2, "There is no such case (nobody).\n")
    code, said = filled("messages", "show", str(tmp_path / "away.json"))
    assert (code, "Traceback" in said, "away.json" in said) == (2, False, True)


def test_machines_read_json_and_nothing_else(demonstration):
    settings = {"LIANDIAO_DATA": str(demonstration), "LIANDIAO_LANG": "en"}
    drawn = str(BPMN / "video_session")
    for words in (
        *(["incidents"], ["verify", "--all"], ["settings"], ["whatif", drawn], ["move", "warning"]),
        *(["check", drawn], ["scenarios", drawn, "--coverage"]),
    ):
        told = CliRunner().invoke(main, [*words, "--json"], env=settings)
        assert all(json.loads(line) for line in told.stdout.splitlines()), words
        assert told.stderr.splitlines()[-1][0].isdigit(), words


def test_stories_are_counted_and_what_they_miss_fails(call, tmp_path):
    copytree(BPMN / "shared", tmp_path / "shared")
    folder = copytree(BPMN / "video_session", tmp_path / "video_session")
    stories = sorted(folder.glob("scenarios/*.json"))
    assert call("scenarios", str(folder))[1].endswith(f"{len(stories)} passed, 0 failed\n")
    for story in stories[1:]:
        story.unlink()
    code, said = call("scenarios", str(folder), "--coverage")
    assert (code, said.splitlines()[-1]) == (1, "1 passed, 1 failed")


def test_every_setting_is_listed(call):
    code, said = call("settings")
    assert (code, "LIANDIAO_DATA" in said, "LIANDIAO_PORT" in said) == (0, True, True)
    assert said.splitlines()[-1].endswith(" settings")


@pytest.mark.parametrize(
    ("lang", "words"),
    [("zh", "陈书宁 · 立案人员、书记员 · "), ("en", "陈书宁 · Tribunal clerk · ")],
)
def test_demonstration_sign_ins_name_their_roles_in_the_user_s_language(lang, words):
    assert dict(sign_ins(lang))["clerk"].startswith(words)
