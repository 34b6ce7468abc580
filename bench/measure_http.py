"""Twenty people at the inbox with 100,000 open tasks, over HTTP, on SQLite and on PostgreSQL."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from pathlib import Path
from random import Random
from urllib.parse import urlencode

import sqlalchemy as sa

from bench.fill import fill
from engine.model import Credential, Grant, Organisation, Person, Release, Session
from storage.schema import migrate
from storage.sql import Database
from storage.tables import tasks
from tests.builders import process, release, start, user
from tests.playing import FACTS
from tests.postgres import new_database, server
from webui.config import read_config
from webui.sealing import log_keys
from webui.wiring import build

from . import Figure

TASKS = int(os.environ.get("LIANDIAO_BENCH_TASKS", "100000"))
PEOPLE = 20
ROUNDS = 12
PAUSE = 2.0
"""Seconds a person thinks between two tasks, on average: never two people in step for long."""
SETTLE = "PRAGMA wal_checkpoint(TRUNCATE)"
ORG = Organisation("bench", "测量调解委员会", "COMMITTEE")
STEPS = "abcde"
FORM = {
    "schema": {
        "type": "object",
        "properties": {"dispute": {"type": "object", "properties": {"facts": {"type": "string"}}}},
    },
    "ui": {
        "order": ["/dispute/facts"],
        "fields": {"/dispute/facts": {"label": {"zh": "事实", "en": "facts"}}},
        "outcomes": [{"id": "ok", "label": {"zh": "完成", "en": "Done"}}],
    },
}
START = {"schema": {"type": "object", "properties": {}}, "ui": {"order": [], "fields": {}}}


def measure() -> Iterator[Figure]:
    """Filled once for both databases; then each is served and visited."""
    with tempfile.TemporaryDirectory(prefix="bench") as folder, server() as address:
        urls = {"SQLite": f"sqlite:///{folder}/liandiao.db", "PostgreSQL": new_database(address)}
        of = prepared(list(urls.values()))
        for name, url in urls.items():
            yield from visited(name, url, Path(folder), of)


def prepared(urls: list[str]) -> Release:
    """Databases with the open tasks, the procedure and the people; the release they run on."""
    drawn = process(
        "start -> " + " -> ".join(STEPS) + " -> end",
        start("start", ld_role="TRIB_CLERK"),
        *(user(step, ld_role="MEDIATOR", ld_org=f'"{ORG.id}"') for step in STEPS),
    )
    forms = {f"forms/{step}.json": json.dumps(FORM).encode() for step in STEPS}
    files = {"forms/start.json": json.dumps(START).encode(), "shared/rules.toml": b"", **forms}
    of = release(drawn, files)
    databases = [_furnished(url, of) for url in urls]
    for _ in fill(databases, (of, FACTS), ORG.id, TASKS):
        pass
    for database in databases:
        _rest(database)
        database.close()
    return of


def _rest(database: Database) -> None:
    """As after a quiet night: nothing of the filling is still to be vacuumed or written out."""
    served = database.engine.dialect.name == "postgresql"
    night = ("VACUUM (ANALYZE)", "CHECKPOINT") if served else ("ANALYZE", SETTLE)
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for statement in night:
            connection.exec_driver_sql(statement)


def _furnished(url: str, of: Release) -> Database:
    migrate(url)
    database = Database(url, lambda: datetime.now(UTC))
    now = datetime.now(UTC)
    with database.open() as store:
        store.add_facts(FACTS, now)
        store.save_organisation(ORG)
        store.add_release(of, "bench", "bench", now)
        for n in range(PEOPLE):
            person = Person(f"b{n}", f"b{n}", f"测量员{n}", (Grant("MEDIATOR", ORG.id),))
            store.save_person(person)
            store.save_credential(Credential(person.id, "", False, now))
            secret = hashlib.sha256(f"token{n}".encode()).hexdigest()
            ends = now + timedelta(hours=8)
            store.save_session(Session(secret, person.id, now, now, ends, ends, f"csrf{n}"))
    return database


# Visiting -----------------------------------------------------------------------------------


@dataclass
class Visitor:
    """One person with a browser: keeps the connection, the cookie and what each page took."""

    n: int
    port: int
    took: dict[str, list[float]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.line = HTTPConnection("127.0.0.1", self.port, timeout=60)
        self.thinking = Random(self.n)

    def visit(self, name: str, method: str, path: str, **form: str) -> None:
        body = urlencode({"csrf": f"csrf{self.n}", **form}) if method == "POST" else None
        headers = {"Cookie": f"liandiao=token{self.n}"}
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        began = time.perf_counter()
        self.line.request(method, path, body, headers)
        answer = self.line.getresponse()
        said = answer.read()
        self.took.setdefault(name, []).append(time.perf_counter() - began)
        expected = (200,) if method == "GET" else (302, 303)
        assert answer.status in expected, (answer.status, path, said[:500])

    def work(self, mine: list[str]) -> None:
        """Think; look at the list, claim, open, complete."""
        for task in mine:
            time.sleep(self.thinking.uniform(0, 2 * PAUSE))
            self.visit("inbox", "GET", "/inbox?tab=available")
            self.visit("claim", "POST", f"/tasks/{task}/claim")
            self.visit("task", "GET", f"/tasks/{task}")
            self.complete(task)

    def complete(self, task: str) -> None:
        self.visit("complete", "POST", f"/tasks/{task}", outcome="ok", **{"/dispute/facts": "漏水"})

    def hurry(self, mine: list[str]) -> None:
        for task in mine:
            self.complete(task)


def visited(name: str, url: str, folder: Path, of: Release) -> Iterator[Figure]:
    """Serve one database and let everybody work, thoughtfully first and then without a pause."""
    database = Database(url, lambda: datetime.now(UTC))
    with database.read() as connection:
        query = sa.select(tasks.c.id).where(tasks.c.done_at.is_(None)).order_by(tasks.c.id)
        ids = list(connection.execute(query.limit(PEOPLE * (1 + 2 * ROUNDS))).scalars())
    database.close()
    _settled(url, folder)
    with _serving(url, folder) as port:
        people = [Visitor(n, port) for n in range(PEOPLE)]
        first, thoughtful, hurried = _shares(ids)
        _together(people, "work", first)  # the product has read its templates and its release
        for one in people:
            one.took.clear()
        _together(people, "work", thoughtful)
        yield from _figures(name, people)
        began = time.perf_counter()
        _together(people, "hurry", hurried)
        rate = PEOPLE * ROUNDS / (time.perf_counter() - began)
        target = ">= 100" if name == "PostgreSQL" else ""
        yield Figure(f"{name}: completions at once", rate, "/s", target)


def _shares(ids: list[str]) -> tuple[list[str], list[str], list[str]]:
    """Tasks to warm up with, to work at thoughtfully, and to do without a pause."""
    later = PEOPLE * (1 + ROUNDS)
    return ids[:PEOPLE], ids[PEOPLE:later], ids[later:]


def _settled(url: str, folder: Path) -> None:
    """What was written is sealed, as it would be seconds after it was written."""
    built = build(read_config({"LIANDIAO_DATA": str(folder), "LIANDIAO_DATABASE_URL": url}))
    built.engine.seal(log_keys(built.config))
    built.database.close()


def _together(people: list[Visitor], what: str, ids: list[str]) -> None:
    with ThreadPoolExecutor(PEOPLE) as pool:
        shares = [ids[n::PEOPLE] for n in range(PEOPLE)]
        list(pool.map(lambda one, share: getattr(one, what)(share), people, shares))


def _figures(name: str, people: list[Visitor]) -> Iterator[Figure]:
    targets = {"inbox": "<= 50", "complete": "<= 60"}
    for page in ("inbox", "claim", "task", "complete"):
        took = [1e3 * seconds for one in people for seconds in one.took[page]]
        cuts = statistics.quantiles(took, n=20)
        yield Figure(f"{name}: {page}, p50", cuts[9], "ms")
        yield Figure(f"{name}: {page}, p95", cuts[18], "ms", targets.get(page, ""))


@contextmanager
def _serving(url: str, folder: Path) -> Iterator[int]:
    """The product as it is served, on a free port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = {
        "LIANDIAO_DATA": str(folder),
        "LIANDIAO_DATABASE_URL": url,
        "LIANDIAO_PORT": str(port),
    }
    command = [sys.executable, "-c", "from webui.cli import main; main()", "serve"]
    running = subprocess.Popen(
        command,
        env={**os.environ, **settings},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(port)
        yield port
    finally:
        running.terminate()
        running.wait()
        shutil.rmtree(folder / "blobs", ignore_errors=True)


def _wait_for(port: int) -> None:
    for _ in range(300):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise TimeoutError("the product did not come up")
