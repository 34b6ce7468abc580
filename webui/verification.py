"""Verifies everything there is: page by page, on all cores, to be interrupted and taken up again."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import cache, partial
from itertools import islice

from engine.ports import Blobs
from engine.proofs.auditing import LOG, Look
from engine.proofs.prover import KINDS, Kind, Prover
from engine.replay import Verdict

from .config import Config
from .pooling import cores, in_turn
from .sealing import log_keys
from .wiring import blobs_of, reader

PAGE = 100
"""Subjects judged in one piece of work: what an interrupt costs at most, for each process."""
FEW = 2_000
"""So many are judged sooner here than in processes that must be started first."""
KEPT = "verify-progress.json"

Page = tuple[Kind, Sequence[str]]


@dataclass(slots=True)
class Progress:
    """How far a verification has come: the last subject judged, and how it went so far."""

    kind: str = ""
    after: str = ""
    passed: int = 0
    failed: int = 0

    def count(self, page: Page, verdicts: Sequence[Verdict]) -> None:
        """Take in a judged page."""
        passed = sum(verdict.same for verdict in verdicts)
        self.kind, self.after = page[0], page[1][-1]
        self.passed += passed
        self.failed += len(verdicts) - passed


class Verification:
    """Everything in one data folder. Reads only, in short transactions: the product goes on.

    ``processes``: how many judge at once (0: one for each core). ``resume``: go on where an
    interrupted one stopped; its progress stands in the data folder, unless it ``passes`` and leaves none.
    """

    def __init__(
        self, config: Config, processes: int = 0, resume: bool = False, passes: bool = False
    ) -> None:
        self._config = config
        self._path = None if passes else config.data / KEPT
        self.progress = self._kept() if resume else Progress()
        self._look = reader(config)
        self._blobs = blobs_of(config)
        self.total = self._count()
        self._processes = processes or (cores() if self.total > FEW else 1)

    def run(self) -> Iterator[list[Verdict]]:
        """The verdicts, page by page in order; what was judged before an interrupt stays so."""
        for page, verdicts in self._judged():
            self.progress.count(page, verdicts)
            self._keep()
            yield verdicts
        if self._path:
            self._path.unlink(missing_ok=True)

    def _judged(self) -> Iterator[tuple[Page, list[Verdict]]]:
        if self._processes == 1:
            prover = Prover(self._look, self._blobs, log_keys(self._config).check)
            for kind, names in self._pages():
                yield (kind, names), [prover.prove(kind, name) for name in names]
            return
        yield from in_turn(self._pages(), partial(_judge, self._config), self._processes)

    # What there is -------------------------------------------------------------------------

    def _pages(self) -> Iterator[Page]:
        begun = KINDS.index(self.progress.kind) if self.progress.kind in KINDS else 0
        after = self.progress.after
        for kind in KINDS[begun:]:
            while names := _names(self._look, self._blobs, kind, after):
                yield kind, names
                after = names[-1]
            after = ""

    def _count(self) -> int:
        with self._look() as store:
            counts = [1] + [store.count_subjects(kind) for kind in KINDS if kind != LOG]
        return sum(counts)

    # What an interrupt leaves --------------------------------------------------------------

    def _kept(self) -> Progress:
        """Where it stopped; from the beginning when nothing is left of one."""
        try:
            return Progress(**json.loads((self._config.data / KEPT).read_text("utf-8")))
        except (OSError, ValueError, TypeError):
            return Progress()

    def _keep(self) -> None:
        if self._path is None:
            return
        draft = self._path.with_suffix(".draft")
        draft.write_text(json.dumps(asdict(self.progress)), "utf-8")
        draft.replace(self._path)


def _names(look: Look, blobs: Blobs, kind: Kind, after: str) -> Sequence[str]:
    """The next page of a kind; of files those that are registered and those that are there."""
    if kind == LOG:
        return [] if after else [LOG]
    with look() as store:
        known = store.subjects(kind, after, PAGE)
    there = islice(blobs.digests(after), PAGE) if kind == "blob" else ()
    return sorted({*known, *there})[:PAGE]


def prover_of(config: Config) -> Prover:
    """Judges what is in a data folder, on a connection of its own."""
    return Prover(reader(config), blobs_of(config), log_keys(config).check)


_prover = cache(prover_of)
"""Of a process of the pool."""


def _judge(config: Config, page: Page) -> list[Verdict]:
    return [_prover(config).prove(page[0], name) for name in page[1]]
