"""A case or a dossier to take away: all that happened, what it ran on, the proofs, and a verifier."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from itertools import takewhile
from pathlib import Path
from types import MappingProxyType
from typing import Any

from engine.journal import body, payload_json
from engine.model import Case, Entry, Payload
from engine.ports import Blobs, Store
from engine.replay import observable, replay
from engine.values import canonical

from .destroyed import certificate
from .receipts import receipt
from .withholding import WITHHELD, first_told, health_pointers, tells_health

Links = list[tuple[Entry, Payload | None]]
Files = Iterator[tuple[str, bytes]]
NOTHING: Mapping[str, bytes] = MappingProxyType({})
VERIFIER = Path(__file__).with_name("verifier.py")
STAMP = (1980, 1, 1, 0, 0, 0)
"""Every file bears this time: the same case gives the same bytes."""
_DIGEST = re.compile(rb"[0-9a-f]{64}")
README = """\
这是一个办件或一个卷宗的全部：规程（流程图、表单、决策表）、日志、每一步的结果、文件与证明。
在任何装有 Python 的机器上运行 python verify.py，它说出证实了什么，或第一处不符。
没有 Python 时用浏览器打开 verify.html（如附有），把这个压缩包交给它；不联网。
请把它所示的日志名称（liandiao/…）和检查点与另处保存的核对。

This is all of a case or of a dossier: procedures (diagram, forms, decisions), journal, the outcome of
each step, files and proofs. Run `python verify.py` on any machine with Python: it says what it proved,
or names the first thing that does not hold. Without Python open verify.html (where it is enclosed) in a
browser and give it this zip; it needs no network. Compare the name of the log (liandiao/...) and the
checkpoint with those kept elsewhere.

report.*.pdf        to be read; what is proved is the journal 供阅读，所证实的是日志
dossier/            a dossier's own journal: parties, files, who read it 卷宗自身的日志
<procedure>-<id>/   each of its cases, as below 卷宗内各办件，如下
release/<digest>/   the procedure as it ran 规程
facts/              calendars and settings it ran on 日历与设置
journal.jsonl       who did what, when, in whose place: each line linked to the one before 日志
outcomes/           what each step gave: trace with decisions, tasks, clocks, data 每步结果
files/              documents and attachments by their SHA-256 文件
receipt.json        the proof that the last entry stands in the signed log 回执
certificate.json    of a destroyed dossier the entry that certifies it, with its receipt 销毁证明
"""


def take_away(
    store: Store,
    blobs: Blobs,
    case_id: str,
    health: bool = False,
    beside: Mapping[str, bytes] = NOTHING,
) -> Iterator[bytes]:
    """A zip of the case as far as it is sealed, in portions; the same bytes while it stands still.

    ``health``: with health data too; else what tells it stays behind, and every outcome after it.
    ``beside``: files that come along, by name: reports, a verifier for browsers.

    Raises NotFound (no_case), Conflict (not_sealed_yet) before the first portion.
    """
    case = store.case(case_id)
    proofs = receipt(store, f"case:{case_id}"), certificate(store, case.dossier)
    return _zipped(_framed(_part(store, blobs, _about(store, case), (*proofs, health)), beside))


def take_away_dossier(
    store: Store,
    blobs: Blobs,
    dossier_id: str,
    health: bool = False,
    beside: Mapping[str, bytes] = NOTHING,
) -> Iterator[bytes]:
    """The same of a dossier: its own journal and every case in it, each in a folder."""
    dossier = store.dossier(dossier_id)
    cases = [store.case(one) for one in store.cases_in(dossier_id)]
    about = {"dossier": dossier.number, "title": dossier.title, "cases": [c.id for c in cases]}
    gone = certificate(store, dossier_id)
    parts = [("dossier/", about, receipt(store, f"dossier:{dossier_id}"))]
    parts += [
        (f"{case.procedure}-{case.id}/", _about(store, case), receipt(store, f"case:{case.id}"))
        for case in cases
    ]
    files = (
        (home + name, content)
        for home, told, proof in parts
        for name, content in _part(store, blobs, told, (proof, gone, health))
    )
    return _zipped(_framed(files, beside))


def _framed(files: Files, beside: Mapping[str, bytes]) -> Files:
    yield "README.txt", README.encode()
    yield "verify.py", VERIFIER.read_bytes()
    yield from sorted(beside.items())
    yield from files


def _part(
    store: Store, blobs: Blobs, about: Mapping[str, Any], how: tuple[Any, Any, bool]
) -> Files:
    """One stream with all that belongs to it.

    ``how``: (its receipt, the certificate of its destruction, with health data or without).
    """
    proof, gone, health = how
    chain = list(
        takewhile(lambda pair: pair[0].seq <= proof["seq"], store.entries(proof["stream"]))
    )
    ran_on = [store.release(one) for one in {entry.release for entry, _ in chain if entry.release}]
    apart = frozenset() if health else health_pointers(ran_on)
    journal = b"\n".join(
        _line(entry, payload, tells_health(payload, apart)) for entry, payload in chain
    )
    yield "receipt.json", _readable(proof)
    if gone:
        yield "certificate.json", _readable(gone)
    yield "about.json", _readable(about)
    yield "journal.jsonl", journal
    named = set(_DIGEST.findall(journal))
    for name, outcome in _outcomes(store, chain, first_told(chain, apart)):
        named |= set(_DIGEST.findall(outcome))
        yield name, outcome
    yield from _ran_on(store, chain)
    for digest in sorted(one.decode() for one in named):
        if blobs.has(digest):
            yield f"files/{digest}", blobs.get(digest)


def _about(store: Store, case: Case) -> dict[str, Any]:
    dossier = store.dossier(case.dossier)
    return {
        "case": case.id,
        "dossier": dossier.number,
        "title": dossier.title,
        "procedure": case.procedure,
        "org": store.organisation(case.org).name if case.org else "",
        "started_at": case.started_at.isoformat(),
        "status": case.status,
    }


def _readable(plain: Any) -> bytes:
    return json.dumps(plain, ensure_ascii=False, indent=1, sort_keys=True).encode() + b"\n"


def _line(entry: Entry, payload: Payload | None, withheld: bool) -> bytes:
    """The very texts that are hashed, so that nobody needs to write them anew to check them."""
    erased = payload is None or withheld or bool(payload.certificate)
    content = "" if payload is None or erased else payload_json(payload).decode()
    certificate = WITHHELD if withheld else payload.certificate if payload else "?"
    line = {"body": body(entry).decode(), "payload": content, "certificate": certificate}
    return json.dumps(line, ensure_ascii=False, sort_keys=True).encode()


def _outcomes(store: Store, chain: Links, until: int) -> Files:
    """What each step gave, as far as the case can be replayed and, from 0 on, before ``until``."""
    for told in replay(chain, store.release, store.facts):
        if told.outcome and not 0 <= until <= told.entry.seq:
            yield f"outcomes/{told.entry.seq:05}.json", canonical(observable(told.outcome))


def _ran_on(store: Store, chain: Links) -> Files:
    for digest in sorted({entry.release for entry, _ in chain if entry.release}):
        for name, content in sorted(store.release(digest).files.items()):
            yield f"release/{digest}/{name}", content
    for digest in sorted({entry.facts for entry, _ in chain if entry.facts}):
        facts = store.facts(digest)
        plain = asdict(facts)
        del plain["digest"]
        yield f"facts/{digest}.json", canonical(plain)


class _Portions(io.RawIOBase):
    """Where a zip is written to, piece by piece, without ever going back."""

    def __init__(self) -> None:
        self._written: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, content: Any) -> int:
        self._written.append(bytes(content))
        return len(content)

    def take(self) -> bytes:
        taken, self._written = b"".join(self._written), []
        return taken


def _zipped(files: Iterable[tuple[str, bytes]]) -> Iterator[bytes]:
    portions = _Portions()
    with zipfile.ZipFile(portions, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            info = zipfile.ZipInfo(name, STAMP)
            info.compress_type, info.create_system, info.external_attr = zipfile.ZIP_DEFLATED, 3, 0
            archive.writestr(info, content)
            yield portions.take()
    yield portions.take()
