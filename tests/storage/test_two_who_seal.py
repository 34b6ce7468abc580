"""Two clerks who seal one ruling at the same moment, over two connections: one seal in the ledger."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from engine.commands import Engine
from engine.errors import EngineError
from storage.blobs import FolderBlobs
from storage.sql import Database
from storage.tables import seal_uses
from tests.cast import actor
from tests.conftest import populate
from tests.seal.asking import COURT, asked, effect_params
from tests.seal.offices import NOW, Clock, Office
from tests.seal.test_uses import LATER
from tests.storage.test_workers import at_once

TWICE = 2


@pytest.fixture(params=["sqlite", "postgresql"])
def desks(request, url_of, tmp_path, letter, facts):
    """Two machines over one database, one folder of files and one set of keys."""
    url = url_of(request.param)
    databases = [Database(url, lambda: NOW) for _ in range(TWICE)]
    with databases[0].open() as store:
        populate(store, facts)
    yield [desk_over(database, tmp_path, letter) for database in databases], databases[0]
    for database in databases:
        database.close()


def desk_over(database, folder, letter):
    engine = Engine(database.open, lambda: NOW, {}, FolderBlobs(folder / "blobs"))
    engine.seals = Office(folder / "keys", Clock()).seals
    engine.blobs.put(letter)
    return engine


@pytest.fixture
def seal(desks):
    first = desks[0][0]
    return first.register_seal(actor("seal"), COURT, "云溪县人民法院", LATER, "新制")


def ledger(database):
    with database.read() as connection:
        asked_for = sa.select(seal_uses.c.result, seal_uses.c.digest)
        return [tuple(row) for row in connection.execute(asked_for)]


def used(database, seal):
    with database.open() as store:
        verbs = [entry.verb for entry, _ in store.entries(f"seal:{seal.id}")]
    return verbs.count("seal_used")


def test_of_two_clerks_one_seals_and_the_other_reads_that_it_is_sealed(desks, seal, letter):
    (one, other), database = desks
    effects = [asked(one, database.open, letter) for _ in range(TWICE)]
    params = [effect_params(database.open, effect) for effect in effects]
    work = list(zip((one, other), effects, params, strict=True))
    got = at_once(lambda it: it[0].apply_seal(it[1], it[2]), work)
    refused = [answer for answer in got if isinstance(answer, EngineError)]
    assert [answer.code for answer in refused] == ["seal_taken"]
    assert [result for result, _ in ledger(database)] == ["OK"]
    assert used(database, seal) == 1


def test_of_two_workers_at_one_effect_both_give_the_one_file(desks, seal, letter):
    (one, other), database = desks
    effect = asked(one, database.open, letter)
    params = effect_params(database.open, effect)
    got = at_once(lambda desk: desk.apply_seal(effect, params), [one, other])
    ((result, digest),) = ledger(database)
    assert result == "OK"
    assert [answer["digest"] for answer in got] == [digest, digest]
    assert used(database, seal) == 1
