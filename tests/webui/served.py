"""A process that serves the product over a data folder until it is killed, and tells its port."""

from __future__ import annotations

import sys

from waitress import create_server

from engine.story import VirtualClock
from tests.builders import BEGIN
from webui import create_app
from webui.cli.serving import turning
from webui.config import read_config
from webui.wiring import build

if __name__ == "__main__":
    built = build(read_config({"LIANDIAO_DATA": sys.argv[1]}), VirtualClock(BEGIN))
    server = create_server(create_app(built=built), host="127.0.0.1", port=0)
    sys.stdout.write(f"{server.effective_port}\n")
    sys.stdout.flush()
    with turning(built):
        server.run()
