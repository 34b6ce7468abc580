"""Compares the log with what others hold of it: checkpoints kept outside, receipts of parties."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from engine.journal import Break
from engine.proofs import verifier
from engine.proofs.auditing import LOG, Audit
from engine.replay import Verdict

from .config import Config
from .sealing import log_keys
from .wiring import reader


def compare(config: Config, path: Path) -> list[Verdict]:
    """The verdict on the log, and on each head kept outside; of a folder on every one in it."""
    audit = Audit(reader(config), log_keys(config).check)
    return [audit.verdict(), *audit.compare(heads_in(path))]


def compared(config: Config, kept: Mapping[str, str]) -> list[Verdict]:
    """The verdict on each of these heads, by what they are called."""
    return list(Audit(reader(config), log_keys(config).check).compare(kept))


def heads_in(path: Path) -> dict[str, str]:
    """The heads in a file or a folder, by the names of their files."""
    files = sorted(path.glob("*.txt")) if path.is_dir() else [path]
    return {one.name: _text(one) for one in files}


def check_receipt(config: Config, path: Path) -> list[Verdict]:
    """Whether a receipt holds by itself; and where there is a log, whether it is still of its history."""
    check = log_keys(config).check
    try:
        receipt = json.loads(_text(path))
        verifier.check_receipt(receipt, check)
        note, name = str(receipt["checkpoint"]), str(receipt["stream"])
    except verifier.Fault as fault:
        return [_false(path.name, fault.args[0 if config.lang == "zh" else 1])]
    except (ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        return [_false(path.name, repr(error))]
    alone = Verdict(name, int(receipt["seq"]) + 1, 0, (), {})
    if config.is_sqlite and not (config.data / "liandiao.db").exists():  # a party has none
        return [alone]
    return [alone, *Audit(reader(config), check).compare({LOG: note})]


def _false(name: str, reason: str) -> Verdict:
    return Verdict(name, 0, 0, (Break(name, 0, "receipt_false"),), {"reason": reason})


def _text(path: Path) -> str:
    return path.read_bytes().decode("utf-8", "replace")
