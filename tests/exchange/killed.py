"""A worker of an installation that stands still between sending and journalling: FOLDER CODE."""

from __future__ import annotations

import signal
import sys

from engine.story import VirtualClock
from engine.worker import Worker
from tests.builders import BEGIN
from webui.config import read_config
from webui.wiring import build, handlers


def main(folder: str, code: str) -> None:
    config, clock = (
        read_config({"LIANDIAO_DATA": folder, "LIANDIAO_OFFICE": code}),
        VirtualClock(BEGIN),
    )
    post = handlers(config, clock)["messages.post"]

    def stand_still(key, params):
        sys.stdout.write(f"{post(key, params)['duplicate']}\n")
        sys.stdout.flush()
        signal.pause()

    built = build(config, clock, {"messages.post": stand_still})
    Worker(built.engine, built.open_store, clock).work_due()


if __name__ == "__main__":
    main(*sys.argv[1:])
