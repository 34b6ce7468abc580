"""What README and docs show must exist: commands, options, make targets, files, JSON that parses."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from webui.cli import main
from webui.config import SETTINGS

ROOT = Path(__file__).parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("bpmn/**/*.md")])
TARGETS = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.M))


def named(path):
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_command_shown_exists(page):
    for name, rest in re.findall(r"liandiao ([a-z]+)([^\n`|]*)", page.read_text("utf-8")):
        assert name in main.commands, name
        known = {option for one in main.commands[name].params for option in one.opts} | {"--help"}
        assert set(re.findall(r"--[a-z-]+", rest.split(";")[0])) <= known, f"liandiao {name}{rest}"


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_target_and_link_shown_exists(page):
    text = page.read_text("utf-8")
    assert set(re.findall(r"`make ([a-z]+)`", text)) <= TARGETS
    for link in re.findall(r"\]\(([^)#:]+)\)", text):
        assert (page.parent / link).exists(), link


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_json_shown_parses(page):
    for block in re.findall(r"```json\n(.*?)```", page.read_text("utf-8"), re.S):
        json.loads(block)


def test_the_readme_names_real_settings():
    shown = set(re.findall(r"LIANDIAO_[A-Z_]+", (ROOT / "README.md").read_text("utf-8")))
    assert shown <= {setting.variable for setting in SETTINGS}


def test_every_command_helps_in_both_languages():
    for command in main.commands.values():
        assert re.search("[\u4e00-\u9fff]", command.help), command.name
        assert re.search("[A-Z][a-z]+", command.help), command.name
