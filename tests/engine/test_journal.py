"""The chain: each entry commits to its content and to the entry before it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from engine.journal import link, verify
from engine.model import Entry, Payload

T0 = datetime(2026, 3, 2, 1, tzinfo=UTC)
BARE = Entry(
    "case:1", 0, "input", "complete", "mediator", "", "MEDIATOR", T0, T0, "mediate", {}, 1,
    "r", "f", "", "s", "",
)  # fmt: skip


def told(n: int = 4):
    """A chain of n entries, an hour apart."""
    chain, before = [], None
    for k in range(n):
        payload = Payload(f"{k:032x}", {"k": k}, reason="因雨改期")
        before = link(replace(BARE, at=T0 + timedelta(hours=k)), payload, before)
        chain.append((before, payload))
    return chain


def codes(chain):
    return {(b.seq, b.code) for b in verify(chain)}


def test_an_untouched_chain_holds():
    assert codes(told()) == set()


@pytest.mark.parametrize(
    "column",
    ["verb", "actor", "on_behalf", "role", "element", "release", "facts", "state", "payload"],
)
def test_a_changed_column_is_named(column):
    chain = told()
    entry, payload = chain[2]
    chain[2] = (replace(entry, **{column: "forged"}), payload)
    assert (2, "entry_altered") in codes(chain)


def test_a_recomputed_leaf_breaks_the_next_link():
    chain = told()
    forged, payload = chain[1]
    chain[1] = (link(replace(forged, actor="other"), payload, chain[0][0]), payload)
    assert codes(chain) == {(2, "chain_broken")}


def test_changed_content_is_named():
    chain = told()
    chain[1] = (chain[1][0], replace(chain[1][1], reason="他人代签"))
    assert codes(chain) == {(1, "payload_altered")}


def test_a_removed_entry_is_noticed():
    chain = told()
    del chain[1]
    assert {(2, "entry_missing"), (2, "chain_broken")} == codes(chain)


def test_a_clock_set_back_does_not_set_the_journal_back():
    first, payload = told(1)[0]
    second = link(replace(BARE, at=T0 - timedelta(hours=1)), payload, first)
    assert second.at == first.at


def test_an_erased_payload_leaves_the_chain_whole():
    chain = told()
    chain[2] = (chain[2][0], Payload("", {}, certificate="2026-7"))
    assert codes(chain) == set()
