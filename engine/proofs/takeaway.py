"""One case to take away: all that happened, what it ran on, the proofs, and a verifier of one file."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import asdict
from itertools import takewhile
from pathlib import Path
from typing import Any

from engine.journal import body, payload_json
from engine.model import Case, Entry, Payload
from engine.ports import Blobs, Store
from engine.replay import observable, replay
from engine.values import canonical

from .receipts import receipt
from .withholding import WITHHELD, first_told, health_pointers, tells_health

Links = list[tuple[Entry, Payload | None]]
VERIFIER = Path(__file__).with_name("verifier.py")
STAMP = (1980, 1, 1, 0, 0, 0)
"""Every file bears this time: the same case gives the same bytes."""
_DIGEST = re.compile(rb"[0-9a-f]{64}")
README = """\
这是一个办件的全部：规程（流程图、表单、决策表）、日志、每一步的结果、文件与证明。
在任何装有 Python 的机器上运行 python verify.py，它说出证实了什么，或第一处不符。
请把它所示的日志名称（liandiao/…）和检查点与另处保存的核对。

This is all of one case: its procedure (diagram, forms, decisions), journal, the outcome of each step,
files and proofs. Run `python verify.py` on any machine with Python: it says what it proved, or names
the first thing that does not hold. Compare the name of the log (liandiao/...) and the checkpoint with
those kept elsewhere.

release/<digest>/   the procedure as it ran 规程
facts/              calendars and settings it ran on 日历与设置
journal.jsonl       who did what, when, in whose place: each line linked to the one before 日志
outcomes/           what each step gave: trace with decisions, tasks, clocks, data 每步结果
files/              documents and attachments by their SHA-256 文件
receipt.json        the proof that the last entry stands in the signed log 回执
"""


def take_away(store: Store, blobs: Blobs, case_id: str, health: bool = False) -> bytes:
    """A zip of the case as far as it is sealed; the same bytes as long as the case stands still.

    ``health``: with health data too; else what tells it stays behind, and every outcome after it.

    Raises NotFound (no_case), Conflict (not_sealed_yet).
    """
    case = store.case(case_id)
    proof = receipt(store, f"case:{case_id}")
    chain = list(
        takewhile(lambda pair: pair[0].seq <= proof["seq"], store.entries(proof["stream"]))
    )
    ran_on = [store.release(one) for one in {entry.release for entry, _ in chain if entry.release}]
    apart = frozenset() if health else health_pointers(ran_on)
    files = {
        "README.txt": README.encode(),
        "verify.py": VERIFIER.read_bytes(),
        "receipt.json": _readable(proof),
        "case.json": _readable(_about(store, case)),
        "journal.jsonl": b"\n".join(
            _line(entry, payload, tells_health(payload, apart)) for entry, payload in chain
        ),
    }
    files |= dict(_outcomes(store, chain, first_told(chain, apart)))
    files |= dict(_ran_on(store, chain))
    files |= dict(_attached(blobs, files))
    return _zipped(files)


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


def _outcomes(store: Store, chain: Links, until: int) -> Iterator[tuple[str, bytes]]:
    """What each step gave, as far as the case can be replayed and, from 0 on, before ``until``."""
    for told in replay(chain, store.release, store.facts):
        if told.outcome and not 0 <= until <= told.entry.seq:
            yield f"outcomes/{told.entry.seq:05}.json", canonical(observable(told.outcome))


def _ran_on(store: Store, chain: list[tuple[Entry, Payload | None]]) -> Iterator[tuple[str, bytes]]:
    for digest in {entry.release for entry, _ in chain if entry.release}:
        for name, content in store.release(digest).files.items():
            yield f"release/{digest}/{name}", content
    for digest in {entry.facts for entry, _ in chain if entry.facts}:
        facts = store.facts(digest)
        plain = asdict(facts)
        del plain["digest"]
        yield f"facts/{digest}.json", canonical(plain)


def _attached(blobs: Blobs, files: dict[str, bytes]) -> Iterator[tuple[str, bytes]]:
    """The files that the case's journal and outcomes speak of."""
    texts = (body for name, body in files.items() if name.startswith(("journal", "outcomes/")))
    for digest in sorted({found.decode() for text in texts for found in _DIGEST.findall(text)}):
        if blobs.has(digest):
            yield f"files/{digest}", blobs.get(digest)


def _zipped(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            info = zipfile.ZipInfo(name, STAMP)
            info.compress_type, info.create_system, info.external_attr = zipfile.ZIP_DEFLATED, 3, 0
            archive.writestr(info, files[name])
    return buffer.getvalue()
