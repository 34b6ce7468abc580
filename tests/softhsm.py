"""Finds SoftHSM, or fetches it without root; fails loudly, by name, when there is none."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

MODULE = "libsofthsm2.so"
PLACES = (
    *Path("/usr/lib").glob(f"*/softhsm/{MODULE}"),
    Path("/usr/lib/softhsm") / MODULE,
    Path("/usr/lib64/pkcs11") / MODULE,
    Path("/usr/local/lib/softhsm") / MODULE,
    Path("/opt/homebrew/lib/softhsm") / MODULE,
)
PACKAGES = ("libsofthsm2", "softhsm2")
KEPT = Path.home() / ".cache" / "liandiao" / "softhsm"


@cache
def find_softhsm() -> Path:
    """The PKCS#11 module; ``LIANDIAO_SOFTHSM`` wins."""
    named = os.environ.get("LIANDIAO_SOFTHSM")
    found = [Path(named)] if named else [one for one in (*PLACES, *_kept()) if one.exists()]
    found = found or _fetched()
    if not found or not found[0].exists():
        raise RuntimeError(
            "no SoftHSM: install the system's package `softhsm2` (Debian, Fedora: `softhsm`), "
            f"or name its {MODULE} in LIANDIAO_SOFTHSM"
        )
    return found[0]


def make_token(folder: Path, label: str, pin: str) -> Path:
    """A new token whose files lie in a folder; the module, which finds it by SOFTHSM2_CONF."""
    module, tokens = find_softhsm(), folder / "tokens"
    tokens.mkdir()
    conf = folder / "softhsm2.conf"
    conf.write_text(f"directories.tokendir = {tokens}\nlog.level = ERROR\n", "utf-8")
    os.environ["SOFTHSM2_CONF"] = str(conf)
    tool = shutil.which("softhsm2-util") or str(KEPT / "usr" / "bin" / "softhsm2-util")
    given = ["--label", label, "--so-pin", "5678", "--pin", pin, "--module", str(module)]
    subprocess.run([tool, "--init-token", "--free", *given], check=True, capture_output=True)
    return module


def _kept() -> list[Path]:
    return sorted(KEPT.rglob(MODULE))


def _fetched() -> list[Path]:
    """Debian's package, unpacked into this account's cache: nothing is installed, no root asked."""
    if not shutil.which("apt-get") or not shutil.which("dpkg"):
        return []
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        fetch = ["apt-get", "-qq", "download", *PACKAGES]
        if subprocess.run(fetch, cwd=folder, capture_output=True, timeout=120).returncode:
            subprocess.run([*_own(folder), "update"], capture_output=True, timeout=300)
            own = [*_own(folder), "download", *PACKAGES]
            subprocess.run(own, cwd=folder, capture_output=True, timeout=120)
        for package in Path(folder).glob("*.deb"):
            KEPT.mkdir(parents=True, exist_ok=True)
            subprocess.run(["dpkg", "-x", str(package), str(KEPT)], check=True)
    return _kept()


def _own(folder: str) -> list[str]:
    """apt-get over lists of its own: a machine may have none, and its own are root's."""
    lists = Path(folder) / "state" / "lists" / "partial"
    cache = Path(folder) / "cache" / "archives" / "partial"
    lists.mkdir(parents=True, exist_ok=True)
    cache.mkdir(parents=True, exist_ok=True)
    options = (f"Dir::State={folder}/state", f"Dir::Cache={folder}/cache")
    return ["apt-get", "-qq", *(word for one in options for word in ("-o", one))]
