"""Sealing: what is journalled gets into a signed log; keys; sending heads to a witness."""

from __future__ import annotations

from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.commands.desk import Act
from engine.errors import Failed, Invalid, NotAllowed
from engine.proofs.receipts import KEYS, key_notes
from engine.proofs.tree import Tree
from engine.proofs.verifier import Fault, ed25519, read_checkpoint, read_keys
from engine.services.log_keys import FolderKeys
from engine.services.witnesses import FolderWitness
from tests.cast import ADMIN, CLERK

DAY = timedelta(days=1)
READ = Act("read", CLERK)


@pytest.fixture
def keys(tmp_path):
    return FolderKeys(tmp_path / "log-keys")


@pytest.fixture
def busy(desk):
    """The desk, having noted a few things on three streams."""

    def act(times=2):
        for _ in range(times):
            for dossier in ("d1", "d2"):
                with desk._open() as store:
                    desk._record(store, f"dossier:{dossier}", READ)

    act()
    return act


@pytest.fixture
def sealed(desk, keys, busy):
    desk.seal(keys)
    return busy


def read_log(store):
    keys = read_keys(key_notes(store))
    size, note = store.last_checkpoint()
    return size, read_checkpoint(note, keys), keys


def test_everything_journalled_is_under_a_signed_head(store, sealed):
    with store() as opened:
        size, (_, signed, root), _ = read_log(opened)
        assert size == signed == 5  # the first key's own entry too
        assert Tree(opened.log_hashes).root(size) == root
        assert [s.position for s in opened.standing("dossier:d1")] == [0, 1]


def test_sealing_again_adds_only_what_is_new(desk, store, keys, sealed):
    assert desk.seal(keys) == 0
    sealed(300)
    assert desk.seal(keys) == 600
    with store() as opened:
        assert opened.log_size() == opened.last_checkpoint()[0] == 605
        assert len(list(opened.stored_nodes())) == 2


def test_the_key_is_readable_by_its_owner_only(sealed, tmp_path):
    (file,) = (tmp_path / "log-keys").iterdir()
    assert file.stat().st_mode & 0o777 == 0o600


def test_without_the_key_nothing_is_sealed_and_nothing_is_lost(desk, store, keys, sealed, tmp_path):
    sealed(1)
    desk_elsewhere = FolderKeys(tmp_path / "elsewhere")
    with pytest.raises(Failed, match="log_key_missing"):
        desk.seal(desk_elsewhere)
    assert desk.seal(keys) == 2


def test_a_new_key_is_vouched_for_by_the_one_before(desk, store, keys, sealed):
    key = desk.rotate_key(ADMIN, keys, "定期更换")
    desk.seal(keys)
    with store() as opened:
        _, (origin, _, _), chain = read_log(opened)
        assert [since for since, _ in chain] == [0, 5]
        assert chain[-1][1] == key
        assert key.startswith(origin + "+")
        assert [e.actor for e, _ in opened.entries(KEYS)] == ["system", ADMIN.person]


def test_an_old_key_signs_no_new_head(desk, store, keys, sealed):
    desk.rotate_key(ADMIN, keys, "定期更换")
    desk.seal(keys)
    with store() as opened:
        _, note = opened.last_checkpoint()
        with pytest.raises(Fault):
            read_checkpoint(note, read_keys(key_notes(opened))[:1])


def test_keys_are_changed_by_administrators_with_a_reason(desk, keys, sealed):
    with pytest.raises(NotAllowed):
        desk.rotate_key(CLERK, keys, "x")
    with pytest.raises(Invalid):
        desk.rotate_key(ADMIN, keys, " ")


def test_a_head_is_sent_to_the_witness_when_there_is_news(desk, clock, keys, sealed, tmp_path):
    witness = FolderWitness(tmp_path / "share")
    assert desk.send_checkpoint(witness, DAY)
    assert not desk.send_checkpoint(witness, DAY)
    sealed(1)
    desk.seal(keys)
    assert not desk.send_checkpoint(witness, DAY)
    clock.move(clock() + DAY)
    assert desk.send_checkpoint(witness, DAY)
    assert len(list((tmp_path / "share").iterdir())) == 2


def test_a_witness_that_keeps_another_history_says_so(desk, keys, sealed, tmp_path):
    witness = FolderWitness(tmp_path)
    witness.keep(5, "another")
    with pytest.raises(Failed, match="witness_disagrees"):
        desk.send_checkpoint(witness, DAY)


def test_a_witness_that_keeps_a_later_head_says_that_the_log_was_shortened(
    desk, keys, sealed, tmp_path
):
    witness = FolderWitness(tmp_path)
    witness.keep(700, "from before the backup was restored")
    with pytest.raises(Failed, match="witness_ahead") as refusal:
        desk.send_checkpoint(witness, DAY)
    assert refusal.value.params["kept"] == "700"


@settings(max_examples=15)
@given(st.binary(max_size=200), st.integers(0, 511), st.integers(0, 255))
def test_our_own_ed25519_judges_like_the_library(message, bit, other):
    key = Ed25519PrivateKey.generate()
    public, signature = key.public_key().public_bytes_raw(), key.sign(message)
    assert ed25519(public, message, signature)
    flipped = (int.from_bytes(signature, "big") ^ (1 << bit)).to_bytes(64, "big")
    assert not ed25519(public, message, flipped)
    assert not ed25519(public, message + bytes([other]), signature)
