"""Fill a database fast with rows as the verbs write them: dossiers with a running case each.

Every case is begun on the pure step and chained in its journal, so it can be completed, verified and
replayed; only the way into the tables is shorter (many rows in one statement).
"""

from __future__ import annotations

import random
import secrets
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import sqlalchemy as sa
from uuid6 import uuid7

from engine.journal import link, place_data
from engine.model import Case, Dossier, Entry, Facts, Input, Outcome, Party, Payload, Release
from engine.replay import state_digest
from engine.spiff import STEP, advance
from storage import tables as tb
from storage.sql import Database
from storage.sql.cases import derived, known_after
from storage.sql.rows import case_row, task_row
from storage.sql.waiting import wait_row, waiting

BATCH = 1_000
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超兰霞平"
Row = dict[str, Any]
Rows = list[tuple[str, list[Row]]]


def fill(
    databases: Sequence[Database], of: tuple[Release, Facts], org: str, count: int
) -> Iterator[int]:
    """Begin ``count`` cases of a published release in ``org``; yields how many are there so far.

    They begin one minute after another, so that the lists have something to sort by. Each database
    gets the same rows, made once.
    """
    began = datetime(2026, 3, 2, 1, tzinfo=UTC) - timedelta(minutes=count)
    batches = [range(n, min(count, n + BATCH)) for n in range(0, count, BATCH)]
    with ProcessPoolExecutor() as pool:
        for rows in pool.map(partial(_batch, of, org, began), batches):
            for database in databases:
                _insert(database, rows)
            yield sum(len(each[1]) for each in rows if each[0] == "cases")


def _insert(database: Database, rows: Rows) -> None:
    with database.engine.begin() as connection:
        for name, each in rows:
            connection.execute(sa.insert(tb.metadata.tables[name]), each)


def _batch(of: tuple[Release, Facts], org: str, began: datetime, numbers: range) -> Rows:
    """The rows of some cases by table, in an order that keeps every reference."""
    made: dict[str, list[Row]] = {table.name: [] for table in _ORDER}
    for n in numbers:
        for table, row in _case(of, org, n, began + timedelta(minutes=n)):
            made[table.name].append(row)
    return [(name, rows) for name, rows in made.items() if rows]


_ORDER: Sequence[sa.Table] = (
    tb.dossiers,
    tb.parties,
    tb.journal,
    tb.payload,
    tb.cases,
    tb.tasks,
    tb.waits,
)


def _case(
    of: tuple[Release, Facts], org: str, n: int, at: datetime
) -> Iterator[tuple[sa.Table, Row]]:
    """The rows of one dossier with one case, each with its table."""
    release, facts = of
    parties = [{"id": str(uuid7()), "side": side, "name": _name(n, side)} for side in "AB"]
    names = "、".join(party["name"] for party in parties)
    dossier = Dossier(str(uuid7()), f"纠{at.year}-{n:06d}", "dispute", names, org, at)
    yield tb.dossiers, asdict(dossier) | {"party_names": names}
    for position, known in enumerate(parties):
        party = Party(known["id"], dossier.id, known["side"], known["name"])
        yield tb.parties, asdict(party) | {"position": position}
    bare = Case(
        str(uuid7()), dossier.id, release.procedure, release.digest, facts.digest, org,
        at, -1, "", at, "open", b"", STEP,
    )  # fmt: skip
    cause = Input(bare.id, 0, "start", at, at, "", {"values": {"/parties": parties}})
    outcome = advance(release, facts, None, cause)
    assert outcome.incident is None, outcome.incident
    yield from _written(bare, cause, outcome)


def _name(n: int, side: str) -> str:
    """A made-up name, always the same for the same number."""
    chance = random.Random(f"{n}{side}")
    return chance.choice(SURNAMES) + "".join(chance.sample(GIVEN, chance.choice((1, 2))))


def _written(bare: Case, cause: Input, outcome: Outcome) -> Iterator[tuple[sa.Table, Row]]:
    salt = secrets.token_hex(16)
    payload = Payload(salt, cause.data)
    entry = link(_entry(bare, cause, state_digest(salt, outcome)), payload, None)
    case = replace(bare, seq=0, leaf=entry.leaf, state=outcome.state)
    after = known_after(case, outcome)
    yield tb.journal, {name: getattr(entry, name) for name in Entry.__slots__}
    yield tb.payload, {"stream": entry.stream, "seq": 0} | asdict(payload)
    yield tb.cases, case_row(case) | derived(after, outcome)
    for task in outcome.tasks:
        yield tb.tasks, task_row(case, task, after.tasks[task.id])
    for wait in waiting(case.id, outcome):
        yield tb.waits, wait_row(case, wait)


def _entry(case: Case, cause: Input, state: str) -> Entry:
    return Entry(
        f"case:{case.id}", 0, "input", "start", "bench", "", "", cause.at, cause.at, "",
        place_data("", None, 0, ""), STEP, case.release, case.facts, "", state, "",
    )  # fmt: skip
