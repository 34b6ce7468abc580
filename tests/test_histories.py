"""Journals recorded once must replay to the same outcome for ever."""

from __future__ import annotations

import pytest

from engine.replay import judge
from tests.histories import History, recorded


@pytest.mark.parametrize("path", list(recorded()), ids=lambda path: path.stem)
def test_a_recorded_case_replays_to_the_same_outcome(path):
    history = History(path)
    verdict = judge(history.chain, history.releases.__getitem__, lambda _: history.facts)
    assert verdict.breaks == ()
    assert verdict.replayed > 1
