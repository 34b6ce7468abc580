#!/usr/bin/env python3
"""verify.py: proves a case or a dossier taken away from Liandiao. Needs Python 3.9 and nothing else.

    python verify.py FILE.zip      (or the folder it was unpacked to; without a name: where this lies)

It trusts nobody but the key that `origin` names. Compare that line with a checkpoint kept elsewhere.
Exit code 0: proved. 1: something does not hold, and the first fault is named. 2: nothing to prove.
The product proves with these very functions. It is one file, and therefore a long one.
"""

from __future__ import annotations

import base64
import hashlib
import itertools
import json
import sys
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

Point = tuple[int, int, int, int]
Keys = list[tuple[int, str]]
Check = Callable[[bytes, bytes, bytes], bool]
WITHHELD = "health data"
"""Begins what stands where a certificate would, when the content is there but not here."""
Files = Mapping[str, bytes]

# Ed25519, RFC 8032 -----------------------------------------------------------------------------

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)


def _add(a: Point, b: Point) -> Point:
    """The sum of two points in extended coordinates (X, Y, Z, T)."""
    low = (a[1] - a[0]) * (b[1] - b[0])
    high = (a[1] + a[0]) * (b[1] + b[0])
    twisted, doubled = 2 * a[3] * b[3] * D, 2 * a[2] * b[2]
    e, f, g, h = high - low, doubled - twisted, doubled + twisted, high + low
    return e * f % P, g * h % P, f * g % P, e * h % P


def _times(factor: int, point: Point) -> Point:
    total = (0, 1, 1, 0)
    while factor:
        if factor & 1:
            total = _add(total, point)
        point = _add(point, point)
        factor >>= 1
    return total


def _point(encoded: bytes) -> Point | None:
    """The point that 32 bytes stand for, or None."""
    number = int.from_bytes(encoded, "little")
    odd, y = number >> 255, number & (2**255 - 1)
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_ONE % P
    if y >= P or (x * x - square) % P or (odd and not x):
        return None
    x = P - x if x & 1 != odd else x
    return x, y, 1, x * y % P


BASE = _point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little")) or (0, 0, 0, 0)


def ed25519(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the signature is that key's over the message."""
    if len(public) != 32 or len(signature) != 64:
        return False
    key, commitment = _point(public), _point(signature[:32])
    answer = int.from_bytes(signature[32:], "little")
    if key is None or commitment is None or answer >= ORDER:
        return False
    challenge = hashlib.sha512(signature[:32] + public + message).digest()
    expected = _add(commitment, _times(int.from_bytes(challenge, "little") % ORDER, key))
    found = _times(answer, BASE)
    same = (found[0] * expected[2] - expected[0] * found[2]) % P == 0
    return same and (found[1] * expected[2] - expected[1] * found[2]) % P == 0


# The log: RFC 9162 -----------------------------------------------------------------------------


class Fault(Exception):
    """The first thing that does not hold: (Chinese, English)."""


def leaf_hash(body: bytes) -> bytes:
    """The leaf of an entry."""
    return hashlib.sha256(b"\0" + body).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """What stands above two nodes."""
    return hashlib.sha256(b"\1" + left + right).digest()


def included(leaf: bytes, position: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Whether the path leads from a leaf to the head of ``size`` leaves (2.1.3.2)."""
    if not 0 <= position < size:
        return False
    low, last = position, size - 1
    for node in path:
        if last == 0:
            return False
        if low & 1 or low == last:
            leaf = node_hash(node, leaf)
            while low and not low & 1:
                low, last = low >> 1, last >> 1
        else:
            leaf = node_hash(leaf, node)
        low, last = low >> 1, last >> 1
    return last == 0 and leaf == root


# Checkpoints: C2SP signed notes ----------------------------------------------------------------


def key_text(origin: str, public: bytes) -> str:
    """A key as it is written: name+hash+base64."""
    kind = b"\1" + public
    mark = hashlib.sha256(origin.encode() + b"\n" + kind).hexdigest()[:8]
    return f"{origin}+{mark}+{base64.b64encode(kind).decode()}"


def origin_of(public: bytes) -> str:
    """The name of a log: from its first key, so that nobody else can bear it."""
    return "liandiao/" + hashlib.sha256(public).hexdigest()[:32]


def open_note(note: str, key: str, check: Check = ed25519) -> list[str]:
    """The lines of a note that this key has signed; raises Fault."""
    name, mark, encoded = key.split("+", 2)
    text, _, signatures = note.partition("\n\n")
    public = base64.b64decode(encoded)[1:]
    for line in signatures.splitlines():
        dash, signer, signed = ([*line.split(" "), "", ""])[:3]
        raw = _bytes(signed)
        ours = (dash, signer, raw[:4].hex()) == ("\u2014", name, mark)
        if ours and check(public, (text + "\n").encode(), raw[4:]):
            return text.split("\n")
    raise Fault("检查点的签名不成立", "the signature of the checkpoint does not hold")


def _bytes(encoded: str) -> bytes:
    try:
        return base64.b64decode(encoded, validate=True)
    except ValueError:
        return b""


def read_keys(notes: Iterable[str], check: Check = ed25519) -> Keys:
    """[(size from which on, key)]: each key signed by the one before it, the first by itself."""
    keys: Keys = []
    for note in notes:
        lines = note.split("\n")
        if len(lines) < 5 or lines[0] != "liandiao key":
            raise Fault("不是签名密钥的记录", "this is no record of a signing key")
        opened = open_note(note, keys[-1][1] if keys else lines[2], check)
        keys.append((int(opened[1]), opened[2]))
    if not keys or keys[0][1].split("+")[0] != origin_of(_bytes(keys[0][1].split("+", 2)[2])[1:]):
        raise Fault("首个密钥与日志名称不符", "the first key is not the one the log is named by")
    return keys


def read_checkpoint(note: str, keys: Keys, check: Check = ed25519) -> tuple[str, int, bytes]:
    """(origin, size, root) of a checkpoint signed by the key in force at its size; raises Fault."""
    lines = note.split("\n")
    size = int(lines[1]) if len(lines) > 3 and lines[1].isdecimal() else 0
    in_force = [key for since, key in keys if since < size]
    if not in_force or lines[0] != keys[0][1].split("+")[0]:
        raise Fault("检查点不属于这个日志", "this is no checkpoint of this log")
    open_note(note, in_force[-1], check)
    return lines[0], size, _bytes(lines[2])


def check_receipt(receipt: Any, check: Check = ed25519) -> tuple[str, int, bytes]:
    """(origin, size, leaf) when the entry is in the log that the checkpoint signs; raises Fault."""
    keys = read_keys(receipt["keys"], check)
    origin, size, root = read_checkpoint(receipt["checkpoint"], keys, check)
    leaf = leaf_hash(receipt["body"].encode())
    path = [bytes.fromhex(node) for node in receipt["proof"]]
    if not included(leaf, receipt["position"], size, path, root):
        raise Fault("这条日志不在检查点所签的日志中", "the entry is not in the log that was signed")
    return origin, size, leaf


# A case taken away -----------------------------------------------------------------------------


def prove(files: Files) -> Iterator[tuple[str, str]]:
    """What is proved, in the order of proving; raises Fault at the first thing that does not hold.

    A dossier has a folder for its own journal and one for each case, each with its receipt.
    """
    homes = sorted(name[:-12] for name in files if name.endswith("receipt.json"))
    for home in homes or [""]:
        if home:
            yield f"{home} 部分", f"part {home}"
        yield from _part({n[len(home) :]: files[n] for n in files if n.startswith(home)})
    for case in json.loads(files.get("dossier/about.json", b"{}")).get("cases", []):
        if not any(home.endswith(f"-{case}/") for home in homes):
            raise Fault(f"缺少办件 {case}", f"case {case} is missing")


def _part(files: Files) -> Iterator[tuple[str, str]]:
    receipt = json.loads(files["receipt.json"])
    origin, size, leaf = check_receipt(receipt)
    yield (
        f"检查点由 {origin} 签名，含 {size} 条；末条日志在其中第 {receipt['position']} 位",
        f"checkpoint signed by {origin}, {size} entries; the last entry stands at {receipt['position']}",
    )
    entries = list(_chain(files, receipt["stream"], leaf))
    yield f"日志 {len(entries)} 条，逐条相连", f"{len(entries)} journal entries, each linked"
    told = [_content(line, body) for line, body in entries]
    yield (
        f"内容与承诺一致 {told.count('kept')} 条，依法销毁 {told.count('erased')} 条"
        f"，健康数据不随附 {told.count('withheld')} 条",
        f"{told.count('kept')} contents as committed to, {told.count('erased')} lawfully destroyed"
        f", {told.count('withheld')} withheld as health data",
    )
    gone = [line["certificate"] for line, _ in entries if line["certificate"]]
    erased = [one for one in gone if not one.startswith(WITHHELD)]
    if erased:
        yield _certified(files, (origin, receipt["stream"]), erased)
    whole = itertools.takewhile(lambda pair: not pair[0]["certificate"], entries)
    outcomes = sum(_outcome(files, line, body) for line, body in whole)
    yield f"每步结果与承诺一致 {outcomes} 步", f"{outcomes} outcomes as committed to"
    used = {(what, body[what]) for _, body in entries for what in ("release", "facts")}
    for what, digest in sorted(pair for pair in used if pair[1]):
        (_release if what == "release" else _facts)(files, digest)
    yield "所用规程版本、日历与设置一致", "release, calendars and settings are those it ran on"
    attached = [name for name in files if name.startswith("files/")]
    for name in attached:
        if hashlib.sha256(files[name]).hexdigest() != name[6:70]:
            raise Fault(f"文件 {name} 被改动", f"{name} was altered")
    yield f"文件 {len(attached)} 个一致", f"{len(attached)} files as named"


def _chain(files: Files, stream: str, leaf: bytes) -> Iterator[tuple[Any, Any]]:
    """(line, body) of each entry, linked from the first to the one the receipt proves."""
    before = b""
    for seq, text in enumerate(files["journal.jsonl"].decode().splitlines()):
        line = json.loads(text)
        body = json.loads(line["body"])
        if (body["stream"], body["seq"]) != (stream, seq):
            raise Fault(
                f"第 {seq} 条缺失、重复或次序有误", f"entry {seq} is missing, doubled or moved"
            )
        if body["previous"] != before.hex():
            raise Fault(
                f"第 {seq} 条与前一条不相连", f"entry {seq} does not link to the one before"
            )
        before = leaf_hash(line["body"].encode())
        yield line, body
    if before != leaf:
        raise Fault(
            "日志的末条不是回执所证的那一条", "the last entry is not the one that is proved"
        )


def _content(line: Any, body: Any) -> str:
    if line["certificate"]:
        return "withheld" if line["certificate"].startswith(WITHHELD) else "erased"
    if hashlib.sha256(line["payload"].encode()).hexdigest() != body["payload"]:
        raise Fault(
            f"第 {body['seq']} 条的内容被改动", f"the content of entry {body['seq']} was altered"
        )
    return "kept"


def _certified(files: Files, of: tuple[str, str], erased: Sequence[str]) -> tuple[str, str]:
    """That one certificate in the same log stands for every content that is gone from a stream."""
    number, (log, stream) = erased[0], of
    if "certificate.json" not in files:
        raise Fault(
            f"没有附上销毁证明 {number} 的日志", f"the entry of certificate {number} is missing"
        )
    enclosed = json.loads(files["certificate.json"])
    receipt, text = enclosed["receipt"], enclosed["payload"]
    origin, _, _ = check_receipt(receipt)
    body, told = json.loads(receipt["body"]), json.loads(text)["data"]
    is_entry = hashlib.sha256(text.encode()).hexdigest() == body["payload"]
    if (origin, body["verb"], is_entry) != (log, "destroy", True):
        raise Fault(f"销毁证明 {number} 被改动", f"certificate {number} was altered")
    if {*erased} != {told["number"]} or len(erased) > told["streams"].get(stream, 0):
        raise Fault(
            f"销毁证明 {told['number']} 没有指明这些内容",
            f"certificate {told['number']} does not name what is gone",
        )
    return (
        f"销毁证明 {number} 指明这些内容，在签名日志第 {receipt['position']} 位",
        f"certificate {number} names them and stands in the signed log at {receipt['position']}",
    )


def _outcome(files: Files, line: Any, body: Any) -> bool:
    """The outcome beside an entry, salted, is the one that the entry commits to.

    After the first destroyed or withheld content nobody can tell the outcomes again.
    """
    name = f"outcomes/{body['seq']:05}.json"
    if not body["state"]:
        return False
    salt = json.loads(line["payload"])["salt"]
    if hashlib.sha256(salt.encode() + files.get(name, b"")).hexdigest() != body["state"]:
        raise Fault(
            f"第 {body['seq']} 条的结果被改动", f"the outcome of entry {body['seq']} was altered"
        )
    return True


def _release(files: Files, digest: str) -> None:
    home = f"release/{digest}/"
    own = {name[len(home) :]: files[name] for name in files if name.startswith(home)}
    sums = {name: hashlib.sha256(content).hexdigest() for name, content in own.items()}
    text = json.dumps(sums, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    if hashlib.sha256(text.encode()).hexdigest() != digest:
        raise Fault(f"规程版本 {digest[:12]} 被改动", f"release {digest[:12]} was altered")


def _facts(files: Files, digest: str) -> None:
    if hashlib.sha256(files.get(f"facts/{digest}.json", b"")).hexdigest() != digest:
        raise Fault(f"日历与设置 {digest[:12]} 被改动", f"facts {digest[:12]} were altered")


# The command -----------------------------------------------------------------------------------


def read(path: Path) -> Files:
    """The files of a zip or of the folder it was unpacked to, by name."""
    if path.is_dir():
        every = [one for one in path.rglob("*") if one.is_file()]
        return {one.relative_to(path).as_posix(): one.read_bytes() for one in every}
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def main(arguments: Sequence[str]) -> int:
    """The exit code; says what was proved, and the first fault."""
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    path = Path(arguments[0]) if arguments else Path(__file__).parent
    try:
        for zh, en in prove(read(path)):
            sys.stdout.write(f"ok     {zh} · {en}\n")
    except Fault as fault:
        sys.stdout.write(f"FAULT  {fault.args[0]} · {fault.args[1]}\n")
        return 1
    except (OSError, zipfile.BadZipFile) as error:
        sys.stdout.write(f"FAULT  读不出来 · cannot be read: {error}\n")
        return 2
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        sys.stdout.write(f"FAULT  缺失或残缺 · missing or damaged: {error!r}\n")
        return 1
    sys.stdout.write("已证实 · proved\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
