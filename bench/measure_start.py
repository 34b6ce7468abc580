"""How long an installed product takes from the command to its first page."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator

from . import Figure

COMMAND = [sys.executable, "-c", "from webui.cli import main; main()", "serve"]
PATIENCE = 180.0
"""Seconds until a start counts as failed."""


def measure() -> Iterator[Figure]:
    """The first start makes database, facts and procedures; the later ones find them there."""
    with tempfile.TemporaryDirectory(prefix="bench") as folder:
        yield Figure("start on an empty data folder: first page", _started(folder), "s")
        again = min(_started(folder) for _ in range(3))
        yield Figure("start again: first page", again, "s", "<= 3")


def _started(folder: str) -> float:
    """Seconds from the command until the sign-in page has come."""
    port = _free_port()
    settings = {"LIANDIAO_DATA": folder, "LIANDIAO_PORT": str(port)}
    begin = time.perf_counter()
    running = subprocess.Popen(
        COMMAND,
        env={**os.environ, **settings},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        while not _answers(port):
            if running.poll() is not None or time.perf_counter() - begin > PATIENCE:
                raise RuntimeError("the product did not come up")
            time.sleep(0.01)
        return time.perf_counter() - begin
    finally:
        running.terminate()
        running.wait()


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _answers(port: int) -> bool:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        line.request("GET", "/sign-in")
        return line.getresponse().status == 200
    except ConnectionRefusedError:
        return False
    finally:
        line.close()
