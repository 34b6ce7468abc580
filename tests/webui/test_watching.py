"""Watching a case entry by entry: who sees what, what each entry says, and that nothing is hidden by half."""

from __future__ import annotations

import json

import pytest


@pytest.fixture
def done(browser, case, task):
    """The clerk has screened the dispute."""
    clerk = browser("clerk")
    clerk.post(f"/tasks/{task}/claim")
    return clerk.post(
        f"/tasks/{task}", outcome="accept", **{"/dispute/facts": "楼上漏水", "~refresh": ""}
    )


def steps(one, case):
    response = one.client.get(f"/cases/{case.id}/watch/steps.jsonl")
    return [json.loads(line) for line in response.text.splitlines()]


def test_an_auditor_watches_every_entry_of_a_case(browser, case, task):
    clerk = browser("clerk")
    clerk.get(f"/tasks/{task}")
    clerk.post(f"/tasks/{task}/claim")
    clerk.post(f"/tasks/{task}", outcome="accept", **{"/dispute/facts": "楼上漏水"})
    told = steps(browser("auditor"), case)
    assert [one["seq"] for one in told] == [0, 1, 2]
    assert told[0]["here"] == ["process.bpmn#screen"]
    assert told[2]["at"] == "process.bpmn#screen"
    assert told[2]["here"] == ["process.bpmn#decide"]
    assert "楼上漏水" in told[2]["html"]
    assert "同意" in told[2]["html"]
