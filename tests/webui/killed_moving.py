"""A process that moves cases in a batch and is killed (-9) when the second one is about to be kept."""

from __future__ import annotations

import os
import signal
import sys
from itertools import count

from sqlalchemy import event

from engine.story import VirtualClock
from tests.builders import BEGIN
from tests.cast import DESIGNER
from webui.config import read_config
from webui.wiring import build

if __name__ == "__main__":
    folder, to, *cases = sys.argv[1:]
    built, commits = build(read_config({"LIANDIAO_DATA": folder}), VirtualClock(BEGIN)), count(1)

    def die(_):
        if next(commits) == 2:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(built.database.engine, "commit", die)
    for case in cases:
        built.engine.move_case(DESIGNER, case, to, "更正条款")
