"""The log of a running product: sealed in the background, its heads sent outside."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import timedelta

from tests.cast import CLERK
from webui.sealing import tending


def test_what_happens_is_sealed_and_its_head_sent_outside(built, case, clock, tmp_path):
    built.config = replace(built.config, witness=(str(tmp_path / "share"),))
    tend = tending(built)
    tend()
    with built.open_store() as store:
        assert store.standing(f"case:{case.id}")[-1].position >= 0
    tend()
    clock.move(clock() + timedelta(hours=1))
    tend()
    assert len(list((tmp_path / "share").iterdir())) == 1  # nothing new but the sending itself


def test_a_missing_key_is_said_and_does_not_stop_the_clock(built, case, caplog):
    tend = tending(built)
    tend()
    shutil.rmtree(built.config.data / "log-keys")
    built.engine.note_reading(CLERK, case.dossier)
    tend()
    assert "log_key_missing" in caplog.text
