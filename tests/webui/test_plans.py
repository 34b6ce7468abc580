"""Pages of one task, case or dossier find their rows by key, however much a province has kept."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa

from storage import queries
from storage.queries import Sought
from storage.queries.viewer import Viewer
from tests.cast import CLERK

GREAT = "journal", "payload", "tasks", "cases", "dossiers", "parties", "documents"
MEASURED = {  # what ANALYZE says of an office with 100,000 cases
    "ix_journal_at": ("journal", "100000 1"),
    "ix_journal_actor": ("journal", "100000 100000 1"),
    "ix_journal_verb": ("journal", "20000 2000 1"),
    "sqlite_autoindex_journal_1": ("journal", "100000 1 1"),
    "sqlite_autoindex_payload_1": ("payload", "100000 1 1"),
    "sqlite_autoindex_cases_1": ("cases", "100000 1"),
    "ix_cases_dossier": ("cases", "100000 1"),
    "sqlite_autoindex_tasks_1": ("tasks", "100000 1"),
    "ix_tasks_case_id": ("tasks", "100000 1 1"),
    "ix_tasks_dossier_org": ("tasks", "100000 1 1"),
    "ix_tasks_offered": ("tasks", "100000 100000 100000 100000 1"),
    "sqlite_autoindex_dossiers_1": ("dossiers", "100000 1"),
}


@pytest.fixture
def plans(built):
    """The plan of each statement from here on, as SQLite makes it for a great office."""
    engine = built.database.engine
    with engine.begin() as db:
        db.exec_driver_sql("ANALYZE")
        for index, (table, said) in MEASURED.items():
            db.exec_driver_sql("DELETE FROM sqlite_stat1 WHERE idx = ?", (index,))
            db.exec_driver_sql("INSERT INTO sqlite_stat1 VALUES (?, ?, ?)", (table, index, said))
    engine.dispose()  # statistics are read when a connection opens
    told = []
    sa.event.listen(engine, "before_cursor_execute", lambda *said: told.append(said[2:4]))

    def plans():
        with engine.connect() as db:
            asked = [one for one in told if one[0].startswith("SELECT")]
            return [
                (said, str(db.exec_driver_sql(f"EXPLAIN QUERY PLAN {said}", values).all()))
                for said, values in asked
            ]

    return plans


@pytest.mark.parametrize("page", ["/tasks/{task}", "/cases/{case.id}", "/dossiers/{case.dossier}"])
def test_a_page_of_one_thing_walks_no_great_table(browser, plans, page, case, task):
    assert browser("clerk").get(page.format(case=case, task=task)).status == 200
    found = plans()
    assert len(found) > 10
    walks_none(found)


@pytest.mark.parametrize("tab", ["mine", "available", "waiting", "done"])
def test_a_list_of_the_inbox_walks_no_great_table(browser, plans, tab, task):
    assert browser("clerk").get(f"/inbox?tab={tab}").status == 200
    found = plans()
    assert len(found) > 4
    walks_none(found)


def walks_none(found):
    for statement, plan in found:
        assert not re.search(rf"SCAN ({'|'.join(GREAT)})\b", plan), (statement, plan)


@pytest.mark.parametrize(
    ("verb", "index"),
    [("delegate", "ix_journal_verb"), ("complete", "ix_journal_at"), ("", "ix_journal_at")],
)
def test_entries_are_found_by_a_rare_verb_or_by_time(browser, plans, verb, index):
    auditor = browser("auditor")
    assert auditor.get(f"/journal?verb={verb}").status == 200
    assert any(index in plan for said, plan in plans() if "FROM journal" in said)


def test_who_sees_little_is_answered_from_the_streams_of_it(built, plans, case):
    with built.read() as db:
        assert queries.found_entries(db, Viewer(CLERK), Sought())[0]
    plan = [plan for said, plan in plans() if "FROM journal" in said][-1]
    assert "SEARCH journal USING INDEX sqlite_autoindex_journal_1 (stream=?)" in plan
