"""Work on all cores: handed out ahead, taken back in order, gone with the process that asked for it."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import islice
from multiprocessing.connection import wait
from typing import TypeVar

Piece = TypeVar("Piece")
Done = TypeVar("Done")


def in_turn(
    pieces: Iterable[Piece], work: Callable[[Piece], Done], processes: int
) -> Iterator[tuple[Piece, Done]]:
    """Each piece with what came of it, in order; at most two for each process lie ahead.

    ``work`` and the pieces travel to processes that begin with nothing: both must be picklable.
    """
    pool = ProcessPoolExecutor(processes, multiprocessing.get_context("spawn"), initializer=_settle)
    waiting = iter(pieces)
    under_way: deque[tuple[Piece, Future[Done]]] = deque()
    try:
        while True:
            for piece in islice(waiting, 2 * processes - len(under_way)):
                under_way.append((piece, pool.submit(work, piece)))
            if not under_way:
                return
            piece, done = under_way.popleft()
            yield piece, done.result()
    finally:
        pool.shutdown(cancel_futures=True)


def cores() -> int:
    return os.cpu_count() or 1


def _settle() -> None:
    """It yields to the product that is served; who was interrupted ends it, and who dies."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(os, "nice"):
        os.nice(10)
    threading.Thread(target=_go_with_parent, daemon=True).start()


def _go_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
