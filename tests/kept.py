"""A memory store that is made and filled once, and put back as it was for each story."""

from __future__ import annotations

from engine.story import VirtualClock
from storage.memory import Memory
from tests.builders import BEGIN


class Kept:
    """``fill`` is given the opened store once: tables and people take longer than most stories."""

    def __init__(self, fill=lambda opened: None):
        self._clock = VirtualClock(BEGIN)
        self._memory = Memory(lambda: self._clock())
        with self._memory.open() as opened:
            fill(opened)
        self._content = self._memory.engine.raw_connection().driver_connection.serialize()

    def again(self, clock):
        """The store as it was filled, over this clock; whoever had it before is done with it."""
        self._clock = clock
        self._memory.close()
        connection = self._memory.engine.raw_connection()
        connection.driver_connection.deserialize(self._content)
        connection.close()
        return self._memory
