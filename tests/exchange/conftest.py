"""A justice office and a court, linked over local sockets."""

import shutil

import pytest

from tests.exchange.offices import ANSWERING, ASKING, HEARING, installed, link, served, settle


@pytest.fixture(scope="session")
def settled(tmp_path_factory):
    folder = tmp_path_factory.mktemp("settled") / "data"
    settle(folder)
    return folder


@pytest.fixture
def office(settled, tmp_path, clock):
    """``office("court", "court", ANSWERING)``: an installation in a folder of its own."""
    opened = []

    def install(folder, code, *diagrams):
        shutil.copytree(settled, tmp_path / folder)
        opened.append(installed(tmp_path / folder, code, clock, *diagrams))
        return opened[-1]

    yield install
    for one in opened:
        one.built.database.close()


@pytest.fixture
def justice(office):
    return office("justice", "justice", ASKING)


@pytest.fixture
def court(office):
    return office("court", "court", ANSWERING)


@pytest.fixture
def listener(office):
    """A court that opens nothing by message but waits for one."""
    return office("listener", "court", HEARING)


@pytest.fixture
def address(court):
    with served(court) as where:
        yield where


@pytest.fixture
def linked(justice, court, address):
    """The court listens on its socket; what it answers goes by file."""
    link(justice, court, ("answered",), ("asked",), address)
    link(court, justice, ("asked",), ("answered",))
