"""What ``liandiao clauses`` says, and that everything the policies ask for is carried."""

from __future__ import annotations

from webui.cli.carrying import tagged_tests

TAGGED = """
import pytest

@pytest.mark.clause("CQ7.1", "YN2.1")
def test_rooms():
    assert True

@pytest.mark.clause("CQ3.1")
def test_nothing():
    pass
"""


def test_only_a_test_that_asserts_something_counts(tmp_path):
    (tmp_path / "test_pages.py").write_text(TAGGED, "utf-8")
    tests = ["test_pages.py::test_rooms"]
    assert tagged_tests(tmp_path) == {"CQ7.1": tests, "YN2.1": tests}
