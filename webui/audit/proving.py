"""The signed log on a page: how far it reaches, all there is verified, heads kept outside compared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from threading import Lock
from typing import Any

from flask import Response, render_template, request, stream_template

from engine.access import sees_all
from engine.commands.sealing import sendings
from engine.errors import Conflict, Invalid, NotFound
from engine.proofs.receipts import key_notes
from engine.replay import Verdict
from storage import queries
from webui.auth import only
from webui.dossiers.case import fault_text
from webui.outside import compared, heads_in
from webui.pooling import in_turn
from webui.product import fresh, product, reading
from webui.verification import FEW, Verification

from .views import views

MOST = 100
"""What is wrong is named so often; beyond it only counted."""
STEP = 10
"""Percent after which the page says how far it got."""
RUNNING = Lock()
"""One verification at a time is run for readers of pages."""


@dataclass(frozen=True, slots=True)
class Said:
    """A line of a verification as it comes: how far it got, or what it found wrong."""

    run: Verification
    percent: int = 0
    verdict: Verdict | None = None


@views.get("/journal/proof")
@only(sees_all)
def proof() -> str:
    """How far the log reaches, its keys, who was sent its heads."""
    return render_template("audit/proof.html", **_about())


@views.post("/journal/proof")
@only(sees_all)
def verify_all() -> Response:
    """Everything is verified while the page comes, as ``liandiao verify --all`` does it; nothing is written.

    Raises Conflict (verify_running).
    """
    if not RUNNING.acquire(blocking=False):
        raise Conflict("verify_running")
    said = _said()
    run = next(said).run  # from here on it gives the place free, however it ends
    page = stream_template("audit/proof.html", **_about(), run=run, said=said)
    return Response(page, headers={"X-Accel-Buffering": "no"})


def _said() -> Iterator[Said]:
    """First the run itself, then its lines."""
    try:
        run = Verification(product().config, passes=True)
        yield Said(run)
        fresh()  # what is verified is read by others: this request keeps no reading open meanwhile
        yield from _lines(run)
    finally:
        RUNNING.release()


def _lines(run: Verification) -> Iterator[Said]:
    percent = named = 0
    for verdicts in run.run():
        done = run.progress.passed + run.progress.failed
        for verdict in (one for one in verdicts if not one.same):
            named += 1
            if named <= MOST:
                yield Said(run, verdict=verdict)
        reached = min(100 - STEP, STEP * (100 * done // max(1, run.total) // STEP))
        if reached > percent:
            percent = reached
            yield Said(run, percent)


@views.post("/journal/proof/outside")
@only(sees_all)
def compare_outside() -> str:
    """Heads from files, from a paper, and from the folders that keep them, against the journal now."""
    kept = {**_sent(), **_in_folders()}
    if not kept:
        raise Invalid("no_head_given")
    return render_template("audit/proof.html", **_about(), verdicts=_compared(kept))


def _sent() -> Mapping[str, str]:
    typed = request.form.get("typed", "").strip()
    files = [one for one in request.files.getlist("heads") if one.filename]
    told = {one.filename or "": one.read().decode("utf-8", "replace") for one in files}
    return told | ({typed[:60]: typed} if typed else {})


def _in_folders() -> Mapping[str, str]:
    folders = [Path(told) for told in product().config.witness if Path(told).is_dir()]
    heads = [heads_in(folder) for folder in folders]
    return {name: note for some in heads for name, note in some.items()}


def _compared(kept: Mapping[str, str]) -> Sequence[Verdict]:
    """A long log is read in a process of its own, so that nobody waits for it but who asked."""
    config = product().config
    if product().looking().log_size() <= FEW * 10:
        return compared(config, kept)
    fresh()
    ((_, verdicts),) = in_turn([kept], partial(compared, config), 1)
    return verdicts


@views.get("/journal/proof/checkpoint.txt")
@only(sees_all)
def head() -> Response:
    """The latest signed head, to be kept where the administrator of the database cannot reach it."""
    size, note = product().looking().last_checkpoint()
    if not note:
        raise NotFound("no_checkpoint")
    named = {"Content-Disposition": f"attachment; filename=checkpoint-{size:012}.txt"}
    return Response(note, mimetype="text/plain", headers=named)


def _about() -> dict[str, Any]:
    store = product().looking()
    keys = [note.split("\n") for note in key_notes(store)]
    size, note = store.last_checkpoint()
    lines = note.split("\n")
    return {
        "size": size,
        "origin": lines[0],
        "signed_at": datetime.fromisoformat(lines[3]) if note else None,
        "waiting": queries.health(reading(), product().clock()).unsealed,
        "keys": [(key[1], key[2].split("+")[1]) for key in keys],
        "sent": sendings(store),
        "fault_text": fault_text,
        "most": MOST,
    }
