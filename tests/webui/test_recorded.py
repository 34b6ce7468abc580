"""A journal recorded by an earlier version of the product, in a store of today's: on the pages, verified."""

from __future__ import annotations

import pytest

from engine.model import Case, Dossier
from engine.replay import replay
from tests.histories import HERE, History

OLDEST = "mediation-neighbours_settle"


@pytest.fixture
def recorded(built):
    """The oldest of the recorded journals, kept as the product keeps a case."""
    history = History(HERE / f"{OLDEST}.zip")
    told = list(replay(history.chain, history.releases.__getitem__, lambda _: history.facts))
    outcome = next(one.outcome for one in reversed(told) if one.outcome)
    last = history.chain[-1][0]
    itself = outcome.data["case"]
    dossier = Dossier(itself["dossier"], "纠2026-9", "dispute", "旧案", itself["org"], last.at)
    case = Case(
        itself["id"], dossier.id, itself["procedure"], last.release, last.facts, itself["org"],
        history.chain[0][0].at, last.seq, last.leaf, last.at, "ended", outcome.state,
        last.step,
    )  # fmt: skip
    with built.open_store() as store:
        store.add_facts(history.facts, last.at)
        store.add_release(history.release, "designer", "designer2", last.at)
        store.save_dossier(dossier)
        for pair in history.chain:
            store.append(*pair)
        store.add_case(case, outcome)
    return case


def test_it_replays_the_same_on_the_pages(browser, recorded):
    auditor = browser("auditor")
    for page in (f"/cases/{recorded.id}", f"/cases/{recorded.id}/watch"):
        action = f"{page}/replay" if page.endswith(recorded.id) else page
        assert "重放一致 · 链完整" in auditor.get(page).post(action).text
