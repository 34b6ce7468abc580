"""What keeping a file costs: kept and made durable beside a plain write; read back verified; scanned."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from engine.services.scanning import Clamd
from storage.blobs import FolderBlobs
from tests.clamd import serving

from . import Figure

SIZES = {"200 kB": 200_000, "5 MB": 5_000_000}
ROUNDS = 9


def measure() -> Iterator[Figure]:
    """Each round its own bytes: the same file a second time is not written."""
    for name, size in SIZES.items():
        contents = [os.urandom(size) for _ in range(ROUNDS)]
        with tempfile.TemporaryDirectory() as folder:
            plain = _each(contents, partial(_write, Path(folder) / "plain"))
            blobs = FolderBlobs(Path(folder) / "blobs")
            kept = _each(contents, blobs.put)
            digests = list(blobs.digests())
            yield Figure(f"file of {name}: kept", kept, "ms")
            yield Figure(f"file of {name}: kept / plain write", kept / plain, "times", "<= 8")
            yield Figure(f"file of {name}: read and verified", _each(digests, blobs.get), "ms")
        with serving(lambda _: b"stream: OK\0") as (address, _):
            scanned = _each([{"content": one} for one in contents], partial(Clamd(address), ""))
        yield Figure(f"file of {name}: sent to a scanner that knows at once", scanned, "ms")


def _each(items: list[Any], act: Callable[[Any], object]) -> float:
    """The median time of one, in milliseconds."""
    took = []
    for one in items:
        begun = perf_counter()
        act(one)
        took.append(perf_counter() - begun)
    return 1000 * median(took)


def _write(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
