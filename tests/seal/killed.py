"""A process that seals for an effect and is killed (-9) before it can take the result in."""

from __future__ import annotations

import os
import signal
import sys
from dataclasses import replace
from pathlib import Path

from engine.story import VirtualClock
from tests.builders import BEGIN
from tests.seal.offices import Office
from webui.config import read_config
from webui.wiring import build

if __name__ == "__main__":
    folder, effect = sys.argv[1:]
    built = build(read_config({"LIANDIAO_DATA": folder}), VirtualClock(BEGIN))
    office = Office(Path(folder) / "seal-keys", built.clock)
    built.engine.seals = replace(office.seals, secret=b"x", address="http://localhost")
    with built.open_store() as store:
        params = store.effect(effect)[1].params
    built.engine.apply_seal(effect, params)
    os.kill(os.getpid(), signal.SIGKILL)
