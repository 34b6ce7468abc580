"""Watching a case of 200 entries: time per entry told and drawn, and until the page stands."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Iterator

from argon2 import PasswordHasher

from engine.spiff import read_state
from engine.story import VirtualClock
from tests.builders import BEGIN, process, release, start, user
from tests.cast import CLERK, ORGANISATIONS, PEOPLE
from webui import create_app
from webui.config import read_config
from webui.wiring import build

from . import Figure

STEPS = 99
PASSWORD = "paper-lantern-7"
FORM = {
    "schema": {
        "type": "object",
        "properties": {"dispute": {"type": "object", "properties": {"facts": {"type": "string"}}}},
    },
    "ui": {
        "order": ["/dispute/facts"],
        "fields": {"/dispute/facts": {"label": {"zh": "事实", "en": "Facts"}}},
        "outcomes": [{"id": "ok", "label": {"zh": "完成", "en": "Done"}}],
    },
}


def measure() -> Iterator[Figure]:
    """Over the product's own pages, as a browser asks for them."""
    with tempfile.TemporaryDirectory(prefix="bench") as folder:
        built = build(read_config({"LIANDIAO_DATA": folder}), VirtualClock(BEGIN))
        case, entries = _case(built)
        client = create_app(built=built).test_client()
        _sign_in(client)
        for name, path in (("page", "watch"), ("text version", "watch/text")):
            client.get(f"/cases/{case}/{path}")
            began = time.perf_counter()
            assert client.get(f"/cases/{case}/{path}").status_code == 200
            yield Figure(f"{name}, {entries} entries", 1e3 * (time.perf_counter() - began), "ms")
        yield from _streamed(client, case, entries)
        built.database.close()


def _streamed(client, case: str, entries: int) -> Iterator[Figure]:
    began = time.perf_counter()
    lines = client.get(f"/cases/{case}/watch/steps.jsonl", buffered=False).response
    first = len(next(iter(lines)))
    until_first = time.perf_counter() - began
    size = first + sum(map(len, lines))
    took = time.perf_counter() - began
    yield Figure("first entry told", 1e3 * until_first, "ms")
    yield Figure("each entry told", 1e3 * took / entries, "ms", "<= 25")
    yield Figure("each entry sent", size / entries / 1024, "KiB")


def _case(built) -> tuple[str, int]:
    """A case of 1 + 2 * 99 entries: every task claimed and done."""
    names = [f"step{n}" for n in range(STEPS)]
    drawn = process(
        f"start -> {' -> '.join(names)} -> end",
        start("start", ld_role="TRIB_CLERK"),
        *(user(name, ld_role="TRIB_CLERK") for name in names),
        id="long",
    )
    begun = {**FORM, "ui": {**FORM["ui"], "outcomes": []}}
    files = {f"forms/{name}.json": json.dumps(FORM).encode() for name in names}
    files["forms/start.json"] = json.dumps(begun).encode()
    hashed = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    built.engine.bring_people(ORGANISATIONS, PEOPLE.values(), hashed)
    with built.open_store() as store:
        of = release(drawn, {**files, "shared/rules.toml": b""})
        store.add_release(of, "designer", "designer2", BEGIN)
    case = built.engine.begin(CLERK, "long", {"/dispute/facts": "漏水"})
    for n in range(STEPS):
        with built.open_store() as store:
            task = read_state(store.case(case.id).state).tasks[0].id
        built.engine.claim(CLERK, task)
        built.engine.complete(CLERK, task, {"/dispute/facts": [f"第 {n} 次"]}, "ok")
    return case.id, 1 + 2 * STEPS


def _sign_in(client) -> None:
    page = client.get("/sign-in").text
    token = page.partition('name="csrf" content="')[2].partition('"')[0]
    told = {"csrf": token, "login": "auditor", "password": PASSWORD}
    assert client.post("/sign-in", data=told).status_code in (302, 303)
