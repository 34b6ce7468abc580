"""Clocks of a case: which of them an element means."""

from __future__ import annotations

import pytest

from engine.facts import build_facts
from engine.model import Place, RunningClock
from engine.spiff.periods import Periods
from tests.builders import BEGIN
from tests.conftest import BPMN


@pytest.fixture
def periods():
    """One rule's clock in each of two items."""
    both = Periods({}, build_facts(BPMN / "shared"))
    places = (Place("publish", "each_party", item) for item in (0, 1))
    both.clocks = [RunningClock("publication", place, BEGIN, BEGIN) for place in places]
    return both


def items(periods, place):
    return [one.place.item for one in periods.running("publication", place)]


def test_inside_an_item_its_own_clock_is_meant_and_outside_all_are(periods):
    assert items(periods, Place("over", "each_party", 0)) == [0]
    assert items(periods, Place("over", "each_party", 1)) == [1]
    assert items(periods, Place("stop", "")) == [0, 1]


def test_what_was_recorded_before_step_2_still_means_all(periods):
    periods.keeps_items_apart = False
    assert items(periods, Place("over", "each_party", 0)) == [0, 1]
