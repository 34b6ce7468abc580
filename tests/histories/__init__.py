"""Recorded journals that must replay for ever: one zip each, with the release and facts they ran on.

``python -m tests.histories PROCEDURE SCENARIO`` records another one from a bundled scenario,
``python -m tests.histories.repaired`` the one of a case that was repaired and moved.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, fields
from datetime import datetime
from pathlib import Path
from typing import Any

from engine.journal import rfc3339
from engine.model import Entry, Facts, Payload, Release
from engine.values import canonical, from_json, to_json

HERE = Path(__file__).parent
TIMES = ("received_at", "at")
STAMP = (2026, 1, 1, 0, 0, 0)
"""Every file in a history bears this time, so that recording again gives the same bytes."""


class History:
    """One recorded case: its chain, the facts and the release it ended on, and those before it."""

    def __init__(self, path: Path) -> None:
        with zipfile.ZipFile(path) as archive:
            files = {name: archive.read(name) for name in archive.namelist()}
        about = json.loads(files["about.json"])
        folders = {"release/": about["release"], **about.get("before", {})}
        self.releases = {
            digest: Release(about["procedure"], digest, _within(files, folder))
            for folder, digest in folders.items()
        }
        self.release = self.releases[about["release"]]
        self.facts = Facts(about["facts"], **from_json(json.loads(files["facts.json"])))
        self.chain = [_line(text) for text in files["journal.jsonl"].decode().splitlines()]


def write(
    path: Path, releases: Sequence[Release], facts: Facts, chain: list[tuple[Entry, Payload]]
) -> None:
    """Keep a case's chain with what it ran on; ``releases``: in order, the last one it ended on."""
    *earlier, release = releases
    before = {f"before/{n}/": one for n, one in enumerate(earlier)}
    about: dict[str, Any] = {"procedure": release.procedure, "release": release.digest}
    about |= {"facts": facts.digest}
    about |= {"before": {name: one.digest for name, one in before.items()}} if before else {}
    plain = {"calendars": facts.calendars, "settings": facts.settings, "registers": facts.registers}
    content = {
        "about.json": json.dumps(about).encode(),
        "facts.json": canonical(plain),
        "journal.jsonl": "\n".join(_text(*pair) for pair in chain).encode(),
        **{
            folder + name: body
            for folder, one in {"release/": release, **before}.items()
            for name, body in sorted(one.files.items())
        },
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in content.items():
            archive.writestr(zipfile.ZipInfo(name, STAMP), body, zipfile.ZIP_DEFLATED)
    path.write_bytes(buffer.getvalue())


def _within(files: Mapping[str, bytes], folder: str) -> dict[str, bytes]:
    named = (name for name in files if name.startswith(folder))
    return {name.removeprefix(folder): files[name] for name in named}


def recorded() -> Iterator[Path]:
    """Every history there is."""
    return iter(sorted(HERE.glob("*.zip")))


def _text(entry: Entry, payload: Payload) -> str:
    plain: dict[str, Any] = asdict(entry)
    plain |= {name: rfc3339(plain[name]) for name in TIMES}
    kept = asdict(payload) | {"data": to_json(payload.data)}
    return json.dumps([plain, kept], ensure_ascii=False)


def _line(text: str) -> tuple[Entry, Payload]:
    entry, payload = json.loads(text)
    entry |= {name: datetime.fromisoformat(entry[name]) for name in TIMES}
    return Entry(**_known(Entry, entry)), Payload(**payload | {"data": from_json(payload["data"])})


def _known(cls: type[Entry], plain: Mapping[str, Any]) -> dict[str, Any]:
    return {field.name: plain[field.name] for field in fields(cls)}
