"""A letter to seal, and a seal office with keys made for the session."""

from __future__ import annotations

import pytest

from tests.seal.offices import Clock, Office, mark


@pytest.fixture(scope="session")
def office(tmp_path_factory):
    return Office(tmp_path_factory.mktemp("keys"), Clock())


@pytest.fixture
def other_office(tmp_path):
    """Another one, which may be harmed."""
    return Office(tmp_path, Clock())


@pytest.fixture(scope="session")
def ruling(office, letter):
    """The letter under the court's seal."""
    return office.sealed(letter, mark("court"))
