"""Due work: what the clock and the outside world ask for, done once however many workers run.

The truth is rows; a queue only says which may be due. The only import of APScheduler is here.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random
from threading import Lock
from typing import Protocol

from apscheduler.schedulers.background import BackgroundScheduler
from uuid6 import uuid7

from .errors import EngineError, Failed
from .model import Data, Due, Held, Incident, Pulse, Wake
from .ports import Clock, OpenStore, Queue

log = logging.getLogger(__name__)
SEALED_EVERY = timedelta(seconds=5)
"""How long an entry waits at most until it stands in the signed log."""
WALKED_EVERY = timedelta(seconds=20)
"""How long a case waits at most, when few have changed, until it is counted in figures."""
BEAT = timedelta(seconds=10)
"""How often a worker with nothing to do says that it is alive."""


class Verbs(Protocol):
    """Of the engine's verbs, those a worker calls."""

    def turn(self, case_id: str) -> int: ...
    def perform(self, effect_id: str) -> bool: ...
    def give_up(self, effect_id: str, failed: Failed) -> bool: ...
    def deliver(self, message_id: str) -> int: ...
    def post(self, letter_id: str) -> bool: ...
    def dispatch(self, dispatch_id: str) -> bool: ...


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a worker holds a row, and how often and after what waits (seconds) it tries again.

    ``letter_tries``: other offices may be out of reach over a weekend.
    """

    lease_seconds: float = 60
    tries: int = 8
    letter_tries: int = 96
    first_wait: float = 2
    longest_wait: float = 3600
    batch: int = 50


class Worker:
    """Does due work under a lease. ``chance`` spreads retries, so that they do not come at once."""

    def __init__(
        self,
        verbs: Verbs,
        open_store: OpenStore,
        clock: Clock,
        patience: Patience | None = None,
        chance: Random | None = None,
    ) -> None:
        self._verbs = verbs
        self._open = open_store
        self._clock = clock
        self._patience = patience or Patience()
        self._chance = chance or Random()  # noqa: S311 - spreads retries, keeps no secret
        self._late: deque[tuple[datetime, int]] = deque(maxlen=10_000)
        self._counting = Lock()
        self._beaten = (-1, -1)
        self.pulse = Pulse(str(uuid7()), clock(), clock())

    # Claiming ------------------------------------------------------------------------------

    def work(self, wake: Wake) -> bool:
        """Do one row if it is still due and nobody is at it; False if there was nothing to do."""
        with self._open() as store:
            due = store.claim_one(wake, self.pulse.worker, self._lease_end())
        return due is not None and self._do(due)

    def work_due(self) -> int:
        """Do everything that is due now; how many rows. What the store refuses waits for its lease."""
        done = 0
        try:
            while batch := self._claim():
                done += sum(self._do(due) for due in batch)
        except EngineError as refused:
            log.warning("%s", refused)
        return done

    def _claim(self) -> list[Due]:
        with self._open() as store:
            return list(store.claim_due(self.pulse.worker, self._lease_end(), self._patience.batch))

    def _lease_end(self) -> datetime:
        return self._clock() + timedelta(seconds=self._patience.lease_seconds)

    # Doing ---------------------------------------------------------------------------------

    def _do(self, due: Due) -> bool:
        """Whatever goes wrong in one row must not stop the others: it is counted and kept."""
        late = (self._clock() - due.due_at) // timedelta(milliseconds=1)
        try:
            self._act(due)
        except Exception as error:  # noqa: BLE001 - the worker loop; the row keeps what went wrong
            log.warning("%s %s: %s", due.kind, due.id, error)
            self._count(failed=1)
            self._failed(due, error)
            return True
        self._count(done=1)
        if due.kind == "timer":
            self._late.append((self._clock(), late))
        return True

    def _act(self, due: Due) -> None:
        if due.kind == "effect":
            self._verbs.perform(due.id)
        elif due.kind == "message":
            self._verbs.deliver(due.id)
        elif due.kind == "letter":
            self._verbs.post(due.id)
        elif due.kind == "dispatch":
            self._verbs.dispatch(due.id)
        else:
            self._verbs.turn(due.case)
        if due.kind in ("clock", "message"):
            with self._open() as store:
                store.settle_due(due)

    def _failed(self, due: Due, error: Exception) -> None:
        """Later again, or after the last try a person's: an incident with its cause."""
        failure = _told(error)
        patience = self._patience
        tries = patience.letter_tries if due.kind == "letter" else patience.tries
        if due.attempts + 1 < tries:
            with self._open() as store:
                store.postpone_due(due, self._clock() + self._wait(due.attempts), failure)
        elif due.kind == "effect":
            self._verbs.give_up(due.id, Failed(failure.pop("code"), permanent=True, **failure))
        else:
            self._hand_up(due, failure)

    def _wait(self, attempts: int) -> timedelta:
        """Twice as long after each failure, half as much more or less."""
        patience = self._patience
        seconds = min(patience.longest_wait, patience.first_wait * 2 ** min(attempts, 30))
        return timedelta(seconds=seconds * self._chance.uniform(0.5, 1.5))

    def _hand_up(self, due: Due, failure: Data) -> None:
        """To people: as an incident of the case, a message as a hand-over item, the rest as failed."""
        cause = Incident("work_failed", None, {"kind": due.kind, "id": due.id, **failure})
        with self._open() as store:
            store.give_up_due(due, failure)
            if due.kind not in ("message", "letter", "dispatch"):
                tried = due.attempts + 1
                store.open_incident(
                    Held(str(uuid7()), due.case, cause, self._clock(), attempts=tried)
                )

    # Measuring -----------------------------------------------------------------------------

    def _count(self, done: int = 0, failed: int = 0) -> None:
        with self._counting:
            pulse = self.pulse
            self.pulse = replace(pulse, done=pulse.done + done, failed=pulse.failed + failed)

    def beat(self) -> None:
        """Leave a pulse for the health page: alive, how much done, how late timers fired."""
        now = self._clock()
        late = [late for at, late in list(self._late) if at > now - timedelta(days=1)]
        last = late[-100:]
        with self._counting:
            self.pulse = replace(
                self.pulse,
                seen_at=now,
                late_ms=sum(last) // max(1, len(last)),
                latest_ms=max(late, default=0),
            )
        with self._open() as store:
            store.save_pulse(self.pulse)

    def tick(self, queue: Queue) -> None:
        """Time has passed: leave a pulse, and let the queue find what has become due.

        An idle worker writes one only every BEAT, so that an idle product hardly writes at all.
        """
        pulse = (self.pulse.done, self.pulse.failed)
        if pulse != self._beaten or self._clock() - self.pulse.seen_at >= BEAT:
            self._beaten = pulse
            self.beat()
        with self._open() as store:
            store.rouse_messages()
            queue.sweep(store)


def _told(error: Exception) -> Data:
    """What went wrong as it is kept: {"code", "reason", ...}, every part of its sentence as text."""
    if not isinstance(error, EngineError):
        return {"code": type(error).__name__, "reason": str(error)}
    parts = {name: str(value) for name, value in error.params.items()}
    return {"reason": str(error)} | parts | {"code": error.code}


def turn_clock(
    worker: Worker,
    queue: Queue,
    every_seconds: float = 1,
    seal: Callable[[], object] | None = None,
    walk: Callable[[], object] | None = None,
) -> None:
    """Let the clock turn until ``queue.stop()``: APScheduler ticks, the queue hands out the rows.

    ``seal`` is called beside, every SEALED_EVERY, and ``walk`` every WALKED_EVERY: nobody waits for them.
    """
    scheduler = BackgroundScheduler(timezone="UTC")
    scheduler.add_job(
        worker.tick, "interval", [queue], seconds=every_seconds, coalesce=True, max_instances=1
    )
    for beside, every in ((seal, SEALED_EVERY), (walk, WALKED_EVERY)):
        if beside:
            seconds = every.total_seconds()
            scheduler.add_job(beside, "interval", seconds=seconds, coalesce=True, max_instances=1)
    scheduler.start()
    try:
        queue.run(worker)
    finally:
        scheduler.shutdown()
