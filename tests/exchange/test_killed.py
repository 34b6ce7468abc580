"""kill -9 between sending and journalling: the letter goes twice, what it asks for is done once."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent


def send_and_kill(office):
    """Another process of the office sends what is due, and dies before it can write that down."""
    command = [sys.executable, "-m", "tests.exchange.killed", office.built.config.data, office.code]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        said = process.stdout.readline().strip()
        os.kill(process.pid, signal.SIGKILL)
    return said


@pytest.mark.usefixtures("linked")
def test_nothing_is_performed_twice(justice, court):
    justice.begin("asking")
    assert send_and_kill(justice) == "False"
    assert [one.state for one in justice.letters("court", "waiting")] == ["waiting"]
    with justice.built.open_store() as store:
        assert store.free_leases() == 1
    justice.work()
    court.work()
    assert justice.entries("agency:court")[-1] == ("sent", "system")
    assert [verb for verb, _ in court.entries("agency:justice")].count("taken") == 1
    assert len(court.cases("answering")) == 1
