"""Every clause of both policies is carried: by a story that asserts it, or by a page with a tagged test."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

import pytest

from engine.carrying import proofs, tagged
from engine.citations import source_of
from tests.bpmn.test_scenarios import BPMN, PROCEDURES, bundled, told
from webui import endpoints
from webui.clauses.mapping import pages
from webui.cli.carrying import tagged_tests

CLAUSES = tomllib.loads((BPMN / "shared/clauses.toml").read_text("utf-8"))
SOURCES = tomllib.loads((BPMN / "shared/sources.toml").read_text("utf-8"))
TESTS = Path(__file__).parents[1]


@cache
def marked():
    return tagged_tests(TESTS)


def is_proved(ref):
    """Whether one of the stories tagged with it passes what cites it and asserts the result."""
    for procedure in PROCEDURES:
        release = bundled(procedure)
        for name, _ in tagged(release).get(ref, ()):
            played = told(f"{procedure}/scenarios/{name}.json")
            if any(cited == ref for cited, _ in proofs(release, [played])):
                return True
    return False


@pytest.mark.parametrize("ref", CLAUSES)
def test_a_clause_is_carried(ref):
    on_page = any(page.endpoint in endpoints() for page in pages().get(ref, ()))
    assert (on_page and marked().get(ref)) or is_proved(ref)


def test_every_page_that_carries_something_is_there():
    named = {page.endpoint for some in pages().values() for page in some}
    assert named <= endpoints()


def test_a_tag_names_a_clause_or_an_article():
    assert [ref for ref in marked() if ref not in CLAUSES and source_of(ref) not in SOURCES] == []
