"""What the signed log costs: the one who appends (in line for it by a trigger), the sealer, a proof."""

from __future__ import annotations

import json
import statistics
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from time import perf_counter, process_time

import sqlalchemy as sa

from engine.commands import Engine
from engine.journal import link
from engine.model import Entry, Payload
from engine.proofs.receipts import receipt
from engine.services.log_keys import FolderKeys
from storage import tables as tb
from storage.blobs import MemoryBlobs
from storage.schema import migrate
from storage.sql import Database
from tests.builders import BEGIN

from . import Figure

APPENDS, ENTRIES, PROOFS = 1_500, 30_000, 200
BARE = Entry(
    "person:bench", 0, "note", "read", "bench", "", "", BEGIN, BEGIN, "", {}, 1,
    "", "", "", "", "",
)  # fmt: skip


def measure() -> Iterator[Figure]:
    """On a SQLite file: appending with and without the trigger in turns, then sealing and proving."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        plain, in_line = _database(folder / "plain"), _database(folder / "line")
        with plain.engine.begin() as connection:
            connection.execute(sa.text("DROP TRIGGER journal_awaits_sealing"))
        bare = _database(folder / "bare")
        with bare.engine.begin() as connection:
            for index in tb.journal.indexes:
                connection.execute(sa.text(f"DROP INDEX {index.name}"))
        acts = appender(plain), appender(in_line), appender(bare)
        without, with_it, unindexed = _in_turns(*acts)
        bare.close()
        yield Figure("append: entry, payload, commit", without * 1e3, "ms", "")
        yield Figure("append: in line for the log / not", with_it / without, "x", "<= 1.1")
        yield Figure(
            "append: with the indexes of searches / without", with_it / unindexed, "x", "<= 1.2"
        )
        with closing(in_line):
            yield from _sealing(in_line, FolderKeys(folder / "keys"))
        plain.close()


def _database(path: Path) -> Database:
    migrate(f"sqlite:///{path}")
    return Database(f"sqlite:///{path}", lambda: BEGIN)


def appender(database: Database) -> Callable[[], None]:
    """Appends one more entry in a transaction of its own, as a verb does."""
    last: list[Entry] = []

    def append() -> None:
        entry = _linked(last[-1] if last else None)
        with database.open() as store:
            store.append(entry[0], entry[1])
        last[:] = [entry[0]]

    return append


def _linked(before: Entry | None, stream: str = BARE.stream) -> tuple[Entry, Payload]:
    content = Payload("00" * 16, {"to": "bench"})
    return link(replace(BARE, stream=stream), content, before), content


def _in_turns(*acts: Callable[[], None]) -> list[float]:
    """Median seconds of each, one after the other, so that both have the same machine."""
    spent: list[list[float]] = [[] for _ in acts]
    for _ in range(APPENDS):
        for times, act in zip(spent, acts, strict=True):
            begin = perf_counter()
            act()
            times.append(perf_counter() - begin)
    return [statistics.median(times) for times in spent]


def _sealing(database: Database, keys: FolderKeys) -> Iterator[Figure]:
    engine = Engine(database.open, lambda: BEGIN, {}, MemoryBlobs())
    engine.seal(keys)
    with database.open() as store:
        before: Entry | None = None
        for _ in range(ENTRIES):
            before, content = _linked(before, "person:many")
            store.append(before, content)
    begin = process_time()
    sealed = engine.seal(keys)
    spent = process_time() - begin
    yield Figure("seal: CPU of an entry", spent / sealed * 1e6, "us", "<= 200")
    begin = process_time()
    with database.open() as store:
        for _ in range(PROOFS):
            proof = receipt(store, "person:bench")
    yield Figure("receipt: CPU", (process_time() - begin) / PROOFS * 1e3, "ms", "")
    yield Figure("receipt: size", len(json.dumps(proof)) / 1024, "kB", "")
