"""A justice office and a court, linked over local sockets."""

import pytest

from tests.exchange.offices import ANSWERING, ASKING, HEARING, installed, link, served


@pytest.fixture
def justice(tmp_path, clock):
    office = installed(tmp_path / "justice", "justice", clock, ASKING)
    yield office
    office.built.database.close()


@pytest.fixture
def court(tmp_path, clock):
    office = installed(tmp_path / "court", "court", clock, ANSWERING)
    yield office
    office.built.database.close()


@pytest.fixture
def listener(tmp_path, clock):
    """A court that opens nothing by message but waits for one."""
    office = installed(tmp_path / "listener", "court", clock, HEARING)
    yield office
    office.built.database.close()


@pytest.fixture
def address(court):
    with served(court) as where:
        yield where


@pytest.fixture
def linked(justice, court, address):
    """The court listens on its socket; what it answers goes by file."""
    link(justice, court, ("answered",), ("asked",), address)
    link(court, justice, ("asked",), ("answered",))
