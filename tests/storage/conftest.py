"""The three stores that every contract is held against."""

from __future__ import annotations

import pytest

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


@pytest.fixture
def clock():
    return Ticking()


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def database(request, tmp_path, clock):
    """An empty store of each kind, its schema in place."""
    if request.param == "memory":
        made = Memory(clock)
    else:
        made = Database(url_of(request, tmp_path), clock)
        migrate(made.engine.url.render_as_string(hide_password=False))
    yield made
    made.close()


@pytest.fixture
def open_store(database):
    return database.open


def url_of(request, tmp_path):
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/liandiao.db"
    return new_database(request.getfixturevalue("postgres"))
