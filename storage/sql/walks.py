"""How cases went: a row for each, and for each way that they went."""

from __future__ import annotations

import hashlib
import sys
import zlib
from array import array
from collections.abc import Iterable, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Any

import sqlalchemy as sa

from engine.model import Timed, Walk, Way
from storage.tables import UNWALKED, cases, timed, walks, ways

from .transaction import Transaction

ERASED = "not_replayable"


class WalkRows(Transaction):
    def unwalked(self, limit: int, after: str = "") -> Sequence[str]:
        """Ids of cases whose journal has grown since they were walked, in order."""
        query = sa.select(cases.c.id).where(UNWALKED, cases.c.id > after)
        return list(self.run(query.order_by(cases.c.id).limit(limit)).scalars())

    def count_unwalked(self) -> int:
        query = sa.select(sa.func.count()).select_from(cases).where(UNWALKED)
        return int(self.run(query).scalar_one())

    def keep_walk(self, walk: Walk) -> None:
        """What was told before an erasure stays: it holds nothing that was erased."""
        mine = walks.c.case_id == walk.case_id
        before = self.run(sa.select(walks.c.way).where(mine)).scalars().all()
        if walk.fault != ERASED or not before:
            self._keep(walk, [one for one in before if one])
        self.run(sa.update(cases).where(cases.c.id == walk.case_id).values(walked=walk.seq))

    def _keep(self, walk: Walk, before: Sequence[str]) -> None:
        """Instead of what was told before; ways that nobody goes any more are forgotten."""
        for table in (walks, timed):
            self.run(sa.delete(table).where(table.c.case_id == walk.case_id))
        if walk.ways:
            self.run(
                self.insert(ways).on_conflict_do_nothing(), [way_row(one) for one in walk.ways]
            )
        self.run(sa.insert(walks), walk_rows(walk))
        if walk.timed:
            self.run(sa.insert(timed), timed_rows(walk))
        is_gone = sa.exists().where(walks.c.way == ways.c.id)
        self.run(sa.delete(ways).where(ways.c.id.in_(before), ~is_gone))

    def forget_walks(self, after: str, limit: int) -> str:
        """The next so many cases by id are to be told anew; the last of them, "" after the end."""
        ids = sa.select(cases.c.id).where(cases.c.id > after).order_by(cases.c.id).limit(limit)
        last = max(self.run(ids).scalars(), default="")
        some = (cases.c.id > after) & (cases.c.id <= last) & (cases.c.walked != -1)
        self.run(sa.update(cases).where(some).values(walked=-1))
        return last


def walk_rows(walk: Walk) -> list[dict[str, Any]]:
    """The whole case first; ids of mediators stand between spaces, so that one can be looked for."""
    about = {
        "case_id": walk.case_id,
        "dossier": walk.dossier,
        "procedure": walk.procedure,
        "org": walk.org,
        "type": walk.type,
        "mediators": f" {' '.join(walk.mediators)} ",
        "begun_at": walk.begun_at,
        "fault": walk.fault,
    }
    told = [(way_row(one)["id"], one) for one in walk.ways] or [(None, Way(walk.release))]
    return [
        {**about, "release": way.release, "whole": not place, "way": id_, "lengths": packed(way)}
        for place, (id_, way) in enumerate(told)
    ]


def way_row(way: Way) -> dict[str, Any]:
    """The same for all cases that went this way."""
    facts, lasted = "\n".join(way.facts), "\n".join(told for told, _ in way.lengths)
    path = "\n".join(way.path)
    digest = hashlib.sha256("\0".join((path, facts, lasted)).encode()).hexdigest()
    told = {"facts": zlib.compress(facts.encode()), "lasted": zlib.compress(lasted.encode())}
    return {"id": digest[:32], "variant": way.variant, "path": path, **told}


def packed(way: Way) -> bytes:
    """Seconds, 8 bytes each, little-endian."""
    return _ordered(array("Q", (seconds for _, seconds in way.lengths))).tobytes()


def unpacked(lengths: Iterable[bytes]) -> array[int]:
    """The seconds of some walks, one after another."""
    return _ordered(array("Q", b"".join(lengths)))


def _ordered(numbers: array[int]) -> array[int]:
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers


def timed_rows(walk: Walk) -> list[dict[str, Any]]:
    """One for each entry that was about periods."""
    seq = attrgetter("seq")
    entries = (list(some) for _, some in groupby(sorted(walk.timed, key=seq), seq))
    return [_timed_row(walk.case_id, some) for some in entries]


def _timed_row(case_id: str, some: Sequence[Timed]) -> dict[str, Any]:
    return {
        "case_id": case_id,
        "seq": some[0].seq,
        "at": some[0].at,
        "late": any(one.is_late for one in some),
        "early": any(one.is_early for one in some),
        "rules": f" {' '.join(sorted({one.rule for one in some}))} ",
        "told": [
            {"rule": one.rule, "due": one.due_at, "ended": one.ended_at}
            for one in some
            if one.due_at
        ],
    }
