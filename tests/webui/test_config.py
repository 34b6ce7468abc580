"""Settings from the environment, the installation's secret, and the browser's built files."""

from __future__ import annotations

import pytest

from webui import assets
from webui.config import SETTINGS, read_config


def test_every_setting_is_documented_in_both_languages():
    assert all(setting.zh and setting.en for setting in SETTINGS)
    assert len({setting.variable for setting in SETTINGS}) == len(SETTINGS)


def test_the_secret_is_made_once_and_read_by_its_owner_only(tmp_path):
    first = read_config({"LIANDIAO_DATA": str(tmp_path)})
    again = read_config({"LIANDIAO_DATA": str(tmp_path)})
    assert first.secret == again.secret
    assert (tmp_path / "secret").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("LIANDIAO_PORT", "many"),
        ("LIANDIAO_PORT", "70000"),
        ("LIANDIAO_LANG", "fr"),
        ("LIANDIAO_SESSION_IDLE", "0"),
    ],
)
def test_a_wrong_setting_is_named(tmp_path, variable, value):
    with pytest.raises(ValueError, match=variable):
        read_config({"LIANDIAO_DATA": str(tmp_path), variable: value})


def test_the_browser_files_are_built_once_and_name_their_licences(capsys):
    assert assets.main() == 0
    assert assets.main() == 0
    assert "up to date" in capsys.readouterr().out
    notices = (assets.VENDOR / "THIRD-PARTY-NOTICES.txt").read_text("utf-8")
    for name in ("bpmn-js 18.31.1", "htmx.org 2.0.11", "lucide-static"):
        assert name in notices


def test_the_built_style_uses_no_variable_that_nobody_defines():
    css = (assets.VENDOR / "viewer.css").read_text("utf-8")
    used = {
        part.split(")")[0].split(",")[0]
        for part in css.split("var(")[1:]
        if "," not in part.split(")")[0]
    }
    assert {name for name in used if f"{name}:" not in css} == set()
