"""What did not work outside is said on its case, tried again, and nothing is lost."""

from __future__ import annotations

import socket
from dataclasses import replace
from datetime import timedelta

import pytest

from engine.services.seal.stamping import AskedStamps
from engine.worker import Worker
from tests.seal.asking import asked
from tests.seal.offices import Office


@pytest.fixture
def hanging():
    """A time-stamp authority that takes the call and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        yield lambda: AskedStamps(f"http://127.0.0.1:{silent.getsockname()[1]}/", 0.05)


def test_a_hanging_time_stamp_is_told_and_sealing_done_later(
    built, browser, clock, hanging, letter
):
    engine, good = built.engine, Office(built.config.data / "seal-keys", clock).seals
    engine.seals = replace(good, stamper=hanging)
    engine.blobs.put(letter)
    effect = asked(engine, built.open_store, letter)
    with built.open_store() as store:
        case = store.effect(effect)[0]
    worker, clerk = Worker(engine, built.open_store, clock), browser("clerk")
    worker.work_due()
    page = clerk.get(f"/cases/{case}").text
    assert "时间戳服务没有应答（127.0.0.1" in page
    assert "已试 1 次，什么都没有丢" in page
    engine.seals = good
    clock.move(clock() + timedelta(hours=1))
    worker.work_due()
    assert "外部动作尚未成功" not in clerk.get(f"/cases/{case}").text
    with built.open_store() as store:
        assert store.seal_use(effect).result == "OK"
