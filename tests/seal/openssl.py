"""What others say of a sealed file: openssl of its signatures, qpdf of what was added behind them.

Neither shares a line with what sealed it. openssl must be installed.
"""

from __future__ import annotations

import io
import re
import subprocess
from pathlib import Path

import pikepdf

RANGE = re.compile(rb"/ByteRange\s*\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s*\]")
STAMP = b"ETSI.RFC3161"
COMMON = ["-CAfile", "root.pem", "-attime"]


def verdict(content: bytes, root: bytes, at: int, folder: Path) -> str:
    """ "good", else why not. ``root``: the authority's certificate (PEM); ``at``: seconds since 1970."""
    (folder / "root.pem").write_bytes(root)
    found = [tuple(int(side) for side in one) for one in RANGE.findall(content)]
    if not found:
        return "no signature"
    told = [one for one in (_one(content, part, at, folder) for part in found) if one]
    if told:
        return told[0]
    covered = content[: max(third + fourth for _, _, third, fourth in found)]
    same = content.endswith(b"%%EOF\n") and _shown(covered) == _shown(content)
    return "good" if same else "something was added"


def _shown(content: bytes) -> list[object]:
    """What stands on each page: proofs for the long term are added behind the last signature."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        return [
            (
                pikepdf.unparse_content_stream(pikepdf.parse_content_stream(page)),
                page.Resources.unparse(),
                [one.unparse(resolved=True) for one in page.obj.get("/Annots", [])],
            )
            for page in pdf.pages
        ]


def _one(content: bytes, part: tuple[int, ...], at: int, folder: Path) -> str:
    """ "" where this signature is good."""
    start, length, second, rest = part
    (folder / "signed").write_bytes(
        content[start : start + length] + content[second : second + rest]
    )
    packed = content[start + length : second].strip(b"<> \n").rstrip(b"0")
    try:
        (folder / "cms").write_bytes(bytes.fromhex((packed + b"0" * (len(packed) % 2)).decode()))
    except ValueError:
        return "unreadable"
    is_stamp = STAMP in content[max(0, start + length - 400) : second + 400]
    asked = _stamp() if is_stamp else _signature()
    done = subprocess.run(
        [*asked, *COMMON, str(at)], cwd=folder, capture_output=True, text=True, timeout=60
    )
    return "" if done.returncode == 0 else done.stderr.strip().splitlines()[-1]


def _signature() -> list[str]:
    asked = ["openssl", "cms", "-verify", "-cades", "-binary", "-inform", "DER", "-in", "cms"]
    return [*asked, "-content", "signed", "-purpose", "any", "-out", "/dev/null"]


def _stamp() -> list[str]:
    return ["openssl", "ts", "-verify", "-data", "signed", "-in", "cms", "-token_in"]
