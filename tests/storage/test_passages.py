"""How often elements were passed, in time and late: counted over an index alone."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from storage import tables as tb
from storage.queries.passages import Passage, passages
from storage.sql import Database
from tests.storage.builders import START

DAY = timedelta(days=1)


def done(id, case, element="answer", due=DAY, after=timedelta(), how="complete"):
    """A task of a case that was closed so long after it was opened."""
    return {
        "id": id, "case_id": case, "dossier": "d", "procedure": "asking", "element": element,
        "opened_at": START, "sort_at": START, "due_at": due and START + due, "done_at": START + after,
        "how": how,
    }  # fmt: skip


ROWS = [
    done("1", "a"),
    done("2", "a", after=DAY),  # at the very end is in time
    done("3", "b", after=2 * DAY),
    done("4", "b", how="cancelled"),
    done("5", "b", element="tell", due=None),
]


@pytest.fixture
def database(url_of, clock):
    opened = []

    def kept(kind):
        one = Database(url_of(kind), clock)
        opened.append(one)
        return one

    yield kept
    for one in opened:
        one.close()


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_what_people_completed_is_counted_by_element(database, kind):
    with database(kind).engine.connect() as db:
        if kind == "sqlite":
            db.exec_driver_sql("PRAGMA foreign_keys = OFF")
        else:
            db.exec_driver_sql("SET session_replication_role = replica")
        db.execute(sa.insert(tb.tasks), ROWS)
        found = passages(db)
        assert found == {
            ("asking", "answer"): Passage(2, 3, 1),
            ("asking", "tell"): Passage(1, 1, 0),
        }
        assert found["asking", "answer"].in_time == 2


def test_the_count_reads_nothing_but_its_index(database):
    with database("sqlite").engine.connect() as db:
        told = []
        sa.event.listen(db, "before_cursor_execute", lambda *said: told.append(said[2:4]))
        passages(db)
        statement, values = told[0]
        plan = str(db.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all())
    assert "COVERING INDEX ix_tasks_passed" in plan
