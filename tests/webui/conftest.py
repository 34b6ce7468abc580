"""A running product over an empty folder, with the county in it, and people who sign in."""

from __future__ import annotations

import json
import re
import shutil
from copy import copy
from html import unescape

import pytest
from argon2 import PasswordHasher
from flask import request

from engine.spiff import read_state
from engine.story import VirtualClock
from tests.builders import BEGIN, process, release, user
from tests.builders import start as begin_at
from tests.cast import CLERK, ORGANISATIONS, PEOPLE
from webui import create_app
from webui.config import read_config
from webui.wiring import build

PASSWORD = "paper-lantern-7"
HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)  # quick


def form(*outcomes, **fields):
    """A form with text fields under /dispute, and its outcomes."""
    label = {"label": {"zh": "情况", "en": "Facts"}}
    properties = {name: {"type": "string", **rest} for name, rest in fields.items()}
    words = {"accept": "同意", "refuse": "不同意", "confirm": "确认"}
    ui = {
        "order": [f"/dispute/{name}" for name in fields],
        "fields": {f"/dispute/{name}": label for name in fields},
        "outcomes": [{"id": id, "label": {"zh": words[id], "en": id}} for id in outcomes],
    }
    dispute = {"type": "object", "properties": properties}
    schema = {"type": "object", "properties": {"dispute": dispute} if fields else {}}
    return json.dumps({"schema": schema, "ui": ui}).encode()


XML = process(
    "start -> screen -> decide -> end",
    begin_at("start", ld_role="TRIB_CLERK"),
    user("screen", ld_role="TRIB_CLERK", name="核查"),
    user("decide", ld_role="TRIB_JUDGE", name="决定"),
    id="small",
)
FILES = {
    "forms/start.json": form(title={}),
    "forms/screen.json": form("accept", "refuse", facts={"maxLength": 50}, related_cases={}),
    "forms/decide.json": form("confirm"),
    "shared/rules.toml": b"",
}


@pytest.fixture(scope="session")
def seeded(tmp_path_factory):
    """A data folder with the county, made once."""
    folder = tmp_path_factory.mktemp("county") / "data"
    built = build(read_config({"LIANDIAO_DATA": str(folder)}), VirtualClock(BEGIN))
    built.engine.bring_people(ORGANISATIONS, PEOPLE.values(), HASH)
    with built.open_store() as store:
        store.add_release(release(XML, FILES), "designer", "designer2", BEGIN)
    built.database.close()
    return folder


@pytest.fixture
def clock():
    return VirtualClock(BEGIN)


@pytest.fixture
def built(seeded, tmp_path, clock):
    """The product over a copy of that folder."""
    shutil.copytree(seeded, tmp_path / "data")
    product = build(read_config({"LIANDIAO_DATA": str(tmp_path / "data")}), clock)
    yield product
    product.database.close()


@pytest.fixture(scope="session")
def pages(seeded):
    """An application made once: to register all pages takes longer than most stories."""
    idle = build(read_config({"LIANDIAO_DATA": str(seeded)}))
    idle.database.close()
    application = create_app(built=idle)
    application.after_request(sendable)
    return application


@pytest.fixture
def app(pages, built):
    """The same pages over this product, with nothing kept from another."""
    application = copy(pages)
    application.config = copy(pages.config)
    application.extensions = {"liandiao": built}
    return application


def sendable(response):
    """A server sends Latin letters only in a header, which the client of Flask does not mind."""
    for line in response.get_wsgi_headers(request.environ):
        for each in line:
            each.encode("latin-1")
    return response


class Browser:
    """Somebody's browser: keeps cookies, reads the token off each page, follows links."""

    def __init__(self, app):
        self.client = app.test_client()
        self.page = ""
        self.status = 0

    def get(self, path, **options):
        return self._took(self.client.get(path, follow_redirects=True, **options))

    def post(self, path, **fields):
        typed = {"csrf": self.token, **fields}
        return self._took(self.client.post(path, data=typed, follow_redirects=True))

    def sign_in(self, login, password=PASSWORD):
        self.get("/sign-in")
        return self.post("/sign-in", login=login, password=password)

    @property
    def token(self):
        found = re.search(r'name="csrf" (?:value|content)="([^"]+)"', self.page)
        return found.group(1) if found else ""

    @property
    def text(self):
        """The page as it is read: no markup, no script."""
        return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", self.page)))

    def link(self, pattern):
        """The first address on the page that fits."""
        return unescape(re.search(rf'(?:href|action)="({pattern})"', self.page).group(1))

    def _took(self, response):
        self.page, self.status, self.response = response.text, response.status_code, response
        return self


@pytest.fixture
def browser(app):
    """``browser("clerk")``: a fresh browser in which that person is signed in."""

    def opened(login=""):
        one = Browser(app)
        return one.sign_in(login) if login else one

    return opened


@pytest.fixture
def case(built):
    """A dispute of two neighbours, opened at the tribunal, that waits for a clerk."""
    return built.engine.begin(CLERK, "small", {"/dispute/title": "邻里漏水"})


@pytest.fixture
def task(case):
    """The id of the clerk's open task."""
    return read_state(case.state).tasks[0].id
