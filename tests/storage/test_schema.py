"""Migrations: they make what the tables say, keep what is there, and refuse what is newer."""

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from engine.errors import Conflict, Failed
from storage import triggers
from storage.columns import END_OF_TIME
from storage.schema import SCRIPTS, check, migrate
from storage.sql import Database
from storage.tables import metadata, tasks
from tests.postgres import new_database
from tests.storage.builders import begin, outcome, task


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path):
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/liandiao.db"
    return new_database(request.getfixturevalue("postgres"))


@pytest.fixture
def empty(url, clock):
    database = Database(url, clock)
    yield database
    database.close()


@pytest.fixture
def brought(url, empty):
    migrate(url)
    return empty


def ours(name, kind, _column, _reflected, compare_to):
    """The queue's own tables are none of ours."""
    return not (kind == "table" and compare_to is None and name.startswith("procrastinate"))


def test_migrations_make_what_the_tables_say(brought):
    with brought.engine.connect() as connection:
        options = {"include_object": lambda _o, n, k, _r, c: ours(n, k, None, None, c)}
        context = MigrationContext.configure(connection, opts=options)
        differences = compare_metadata(context, metadata)
    assert [d for d in differences if d[1].name != "alembic_version"] == []


def test_the_triggers_are_there_after_an_upgrade(brought):
    where = "sqlite_master WHERE type = 'trigger'"
    if brought.engine.dialect.name == "postgresql":
        where = "(SELECT tgname AS name FROM pg_trigger WHERE NOT tgisinternal) AS found"
    with brought.engine.connect() as connection:
        names = set(connection.exec_driver_sql(f"SELECT name FROM {where}").scalars())
    assert set(triggers.NAMES) <= names


def test_migrating_again_keeps_what_is_there(url, brought):
    with brought.open() as store:
        case = begin(store, outcome(tasks=(task(),)))
    assert migrate(url) == migrate(url)
    check(brought.engine)
    with brought.open() as store:
        assert store.case("c1") == case


def test_what_came_before_stands_by_when_it_came(url, brought):
    with brought.open() as store:
        begin(store, outcome(tasks=(task(),)))
        made = store.connection.execute(sa.select(tasks.c.sort_at)).scalar()
        store.connection.execute(sa.update(tasks).values(sort_at=END_OF_TIME))
        store.connection.execute(sa.text("UPDATE alembic_version SET version_num = '0034'"))
    migrate(url)
    with brought.open() as store:
        assert store.connection.execute(sa.select(tasks.c.sort_at)).scalar() == made


def test_a_database_made_by_a_later_version_is_refused_untouched(url, brought):
    with brought.open() as store:
        store.connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    for attempt in (lambda: migrate(url), lambda: check(brought.engine)):
        with pytest.raises(Conflict) as refusal:
            attempt()
        assert (refusal.value.code, refusal.value.params) == ("schema_newer", {"found": "9999"})


def test_a_database_without_the_schema_must_be_migrated_first(empty):
    with pytest.raises(Conflict, match="schema_older"):
        check(empty.engine)


def test_a_migration_that_fails_halfway_leaves_nothing(url, empty):
    with empty.engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE workers (id TEXT)")
    with pytest.raises(Failed, match="workers"):
        migrate(url)
    assert sa.inspect(empty.engine).get_table_names() == ["workers"]


def test_append_only_tables_are_never_rebuilt():
    for path in (SCRIPTS / "versions").glob("*.py"):
        assert "batch_alter_table" not in path.read_text("utf-8"), path.name
