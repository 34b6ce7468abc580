"""The three stores that every contract is held against."""

from __future__ import annotations

import shutil

import pytest
import sqlalchemy as sa

from storage.memory import Memory
from storage.schema import migrate
from storage.sql import Database
from tests.postgres import hurry, new_database, server
from tests.storage.builders import Ticking


@pytest.fixture(scope="session")
def postgres():
    """The address of a PostgreSQL server."""
    with server() as address:
        hurry(address)
        yield address


@pytest.fixture(scope="session")
def migrated(postgres, tmp_path_factory):
    """A migrated, empty database of each kind, to be copied: migrating takes longer than copying."""
    urls = {
        "sqlite": f"sqlite:///{tmp_path_factory.mktemp('migrated')}/x.db",
        "postgresql": new_database(postgres),
    }
    for url in urls.values():
        migrate(url)
    return urls


@pytest.fixture
def url_of(migrated, postgres, tmp_path):
    """The address of a fresh copy, by kind."""

    def copied(kind):
        if kind == "postgresql":
            return new_database(postgres, migrated[kind])
        shutil.copy(sa.make_url(migrated[kind]).database, tmp_path / "x.db")
        return f"sqlite:///{tmp_path}/x.db"

    return copied


@pytest.fixture
def clock():
    return Ticking()


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def database(request, url_of, clock):
    """An empty store of each kind, its schema in place."""
    made = Memory(clock) if request.param == "memory" else Database(url_of(request.param), clock)
    yield made
    made.close()


@pytest.fixture
def open_store(database):
    return database.open
