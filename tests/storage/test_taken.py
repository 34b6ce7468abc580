"""What a case took and a dossier sent is found by an index, however many messages there are."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from storage.queries.related import ties
from storage.queries.watching import carried
from storage.sql import Database

READINGS = {
    "carried": lambda db: carried(db, ["c1"]),
    "ties": lambda db: ties(db, "d1", date(2026, 3, 2), timedelta(days=30)),
}


@pytest.mark.parametrize("read", READINGS.values(), ids=READINGS)
def test_no_reading_walks_all_messages(url_of, clock, read):
    database = Database(url_of("sqlite"), clock)
    with database.engine.connect() as db:
        told = []
        sa.event.listen(db, "before_cursor_execute", lambda *said: told.append(said[2:4]))
        read(db)
        plans = [
            str(db.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all())
            for statement, values in list(told)
        ]
    database.close()
    assert any("receipts" in plan for plan in plans)
    for plan in plans:
        assert "SCAN receipts" not in plan
        assert "SCAN messages" not in plan
