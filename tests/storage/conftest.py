"""The three stores that every contract is held against."""

from __future__ import annotations

import shutil

import pytest
import sqlalchemy as sa

from storage.memory import Memory
from storage.schema import migrate
from storage.sql import Database
from tests.kept import Kept
from tests.postgres import empty, hurry, new_database, server
from tests.storage.builders import Ticking

KINDS = ("memory", "sqlite", "postgresql")


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
    """The address of a fresh copy, by kind; "" for the memory, which has none."""

    def copied(kind):
        if kind == "memory":
            return ""
        if kind == "postgresql":
            return new_database(postgres, migrated[kind])
        shutil.copy(sa.make_url(migrated[kind]).database, tmp_path / "x.db")
        return f"sqlite:///{tmp_path}/x.db"

    return copied


@pytest.fixture
def clock():
    return Ticking()


@pytest.fixture(scope="session")
def shared(postgres, migrated):
    """One database of the server for all tests that need only an empty one."""
    return new_database(postgres, migrated["postgresql"])


@pytest.fixture(scope="session")
def emptied():
    """A memory store for all tests that need only an empty one."""
    return Kept()


@pytest.fixture(params=KINDS)
def database(request, clock):
    """An empty store of each kind, its schema in place."""
    if request.param == "memory":
        memory = request.getfixturevalue("emptied").again(clock)
        yield memory
        memory.close()
        return
    if request.param == "postgresql":
        url = request.getfixturevalue("shared")
        empty(url)
    else:
        url = request.getfixturevalue("url_of")(request.param)
    yield from opened(url, clock)


@pytest.fixture(params=KINDS)
def doomed(request, url_of, clock):
    """The same, for a test that breaks its schema."""
    yield from opened(url_of(request.param), clock)


def opened(url, clock):
    made = Database(url, clock) if url else Memory(clock)
    yield made
    made.close()


@pytest.fixture
def open_store(database):
    return database.open
