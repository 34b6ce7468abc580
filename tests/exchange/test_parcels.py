"""Messages as a signed file, for offices without a line: the same checks, taken in once."""

import json
from datetime import timedelta

import pytest

from engine.errors import Invalid, NotAllowed
from tests.cast import ADMIN
from tests.exchange.offices import link
from webui.offices import note_packed, pack, unpack


@pytest.fixture
def file(justice, court):
    """What the justice office hands to the court on a disk."""
    link(justice, court, ("answered",), ("asked",))
    link(court, justice, ("asked",), ("answered",))
    justice.begin("asking")
    justice.work()
    return pack(justice.built, ADMIN, "court").content


@pytest.mark.clause("YN2.5b")
def test_a_file_brings_what_a_line_would(file, court):
    found = unpack(court.built, ADMIN, file)
    assert (found.taken, found.before, found.refused) == (1, 0, ())
    court.work()
    assert len(court.cases("answering")) == 1
    assert court.entries("agency:justice")[-1] == ("taken", "office:justice")


def test_taking_it_in_twice_does_nothing_twice_and_says_so(file, court):
    unpack(court.built, ADMIN, file)
    again = unpack(court.built, ADMIN, file)
    assert (again.taken, again.before) == (0, 1)
    court.work()
    assert len(court.cases("answering")) == 1


def test_the_same_messages_make_the_same_file(file, justice, clock):
    clock.move(clock() + timedelta(days=3))
    packed = pack(justice.built, ADMIN, "court")
    assert packed.content == file
    note_packed(justice.built, ADMIN, "court", packed)
    assert justice.entries("agency:court")[-1] == ("packed", "admin")
    with pytest.raises(Invalid, match="nothing_to_pack"):
        pack(justice.built, ADMIN, "court")
    assert pack(justice.built, ADMIN, "court", again=True).content == file


def test_an_isolated_network_may_be_slow(file, court, clock):
    clock.move(clock() + timedelta(days=20))
    assert unpack(court.built, ADMIN, file).taken == 1


def test_any_byte_that_was_altered_is_noticed(file, court):
    for place in range(0, len(file), 7):
        altered = file[:place] + bytes([file[place] ^ 1]) + file[place + 1 :]
        with pytest.raises((Invalid, NotAllowed)):
            unpack(court.built, ADMIN, altered)
    assert court.cases("answering") == []


def test_a_file_for_another_office_or_of_a_stranger_is_refused(file, justice, court):
    with pytest.raises(NotAllowed, match="wrong_receiver"):
        unpack(justice.built, ADMIN, file)
    link(court, justice, ("asked",), (), keys=(court.key,))
    with pytest.raises(NotAllowed, match="signature_wrong"):
        unpack(court.built, ADMIN, file)


def test_what_is_not_agreed_is_told_by_message(file, justice, court):
    link(court, justice, (), ())
    found = unpack(court.built, ADMIN, file)
    assert [(one.name, no.code) for one, no in found.refused] == [("asked", "message_not_agreed")]


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", json.dumps({"content": {}}).encode()])
def test_what_is_no_parcel_is_refused(court, content):
    with pytest.raises(Invalid, match="parcel_shape"):
        unpack(court.built, ADMIN, content)
