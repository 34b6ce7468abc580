"""kill -9 while somebody fills in a form: the served product keeps the draft, the case knows nothing."""

from __future__ import annotations

import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import requests

from engine.spiff import read_state
from tests.webui.conftest import Browser
from webui import create_app
from webui.wiring import build

ROOT = Path(__file__).parent.parent.parent
WORDS = "㑇䶮，漏水三处 😀"


class Line(requests.Session):
    """Over HTTP what a browser of these tests otherwise asks of the product in its own process."""

    def __init__(self, address):
        super().__init__()
        self.address = address

    def request(self, method, path, follow_redirects=True, **options):
        return super().request(method, self.address + path, timeout=60, **options)

    def test_client(self):
        return self


@contextmanager
def served(folder):
    """Another process that serves this folder; killed (-9) on leaving."""
    command = [sys.executable, "-m", "tests.webui.served", folder]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        try:
            with Line(f"http://127.0.0.1:{int(process.stdout.readline())}") as line:
                yield line
        finally:
            process.kill()


@contextmanager
def started_again(built):
    """The product anew over the same folder."""
    product = build(built.config, built.clock)
    try:
        yield product
    finally:
        product.database.close()


def test_a_draft_outlives_kill_9_and_is_no_data_of_the_case(built, case, task):
    built.database.close()
    with served(built.config.data) as line:  # a fresh interpreter: two seconds of imports
        clerk = Browser(line).sign_in("clerk")
        clerk.post(f"/tasks/{task}/claim")
        clerk.post(f"/tasks/{task}/draft", **{"/dispute/facts": WORDS})
    with started_again(built) as again:
        with again.open_store() as store:
            state = read_state(store.case(case.id).state)
            told = str(list(store.entries(f"case:{case.id}")))
        clerk = Browser(create_app(built=again)).sign_in("clerk").get(f"/tasks/{task}")
    assert state.data["dispute"] == {"title": "邻里漏水"}
    assert ("邻里漏水" in told, WORDS in told) == (True, False)
    assert WORDS in clerk.page
