"""The same journal on the same release gives the same bytes, wherever and whenever it is played."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta, timezone
from pathlib import Path

import pytest

from tests.builders import catch, process, release, timer, user
from tests.engine.spiff.everything import digests, play
from tests.playing import Played

ROOT = Path(__file__).parents[3]
ASKING = process("start -> ask -> then -> end", user("ask"), user("then"))


def elsewhere(seed: str, zone: str) -> list[str]:
    """The digests told by another interpreter."""
    around = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "PYTHONPATH": str(ROOT)}
    told = subprocess.run(
        [sys.executable, "-m", "tests.engine.spiff.everything"],
        env=around, cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return told.stdout.split()


def test_the_story_of_everything_ends() -> None:
    case = play()
    assert case.last.ended
    assert case.data["talked"] == ["yes", "no", "yes"]
    assert case.data["answers"] == [2, 3, 1]
    assert case.data["judged"] == "office"
    assert (case.data["n"], case.data["ticks"]) == (3, 4)


@pytest.mark.parametrize(("seed", "zone"), [("1", "America/St_Johns"), ("4711", "Asia/Shanghai")])
def test_another_interpreter_gives_the_same_bytes(seed: str, zone: str) -> None:
    assert elsewhere(seed, zone) == digests()


def test_the_order_of_values_in_an_input_means_nothing() -> None:
    one, other = Played(release(ASKING)), Played(release(ASKING))
    one.start().do("ask", a=1, b={"c": 1, "d": 2})
    other.start().do("ask", b={"d": 2, "c": 1}, a=1)
    assert one.last == other.last


def test_the_zone_in_which_an_input_was_noted_means_nothing() -> None:
    napping = release(process("start -> nap -> end", catch("nap", timer("P1D"))))
    one, other = Played(napping), Played(napping)
    other.now = other.now.astimezone(timezone(timedelta(hours=8)))
    assert one.start().last == other.start().last
