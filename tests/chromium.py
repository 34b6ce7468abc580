"""Finds a Chromium for the browser stories, or installs one; fails loudly when there is none."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
PLACES = (
    "/usr/lib/chromium/chromium",
    "/snap/bin/chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
KEPT = Path.home() / ".cache" / "liandiao" / "chromium"
PACKAGE = "@sparticuz/chromium@153.0.0"


@cache
def find_chromium() -> str:
    """The path of a Chromium that starts; ``LIANDIAO_CHROMIUM`` wins."""
    found = _installed() or _from_system() or _from_npm()
    if not found:
        raise RuntimeError(
            "no Chromium: put one on PATH, name it in LIANDIAO_CHROMIUM, or install the "
            "system's package `chromium`"
        )
    return found


def _installed() -> str:
    named = os.environ.get("LIANDIAO_CHROMIUM", "")
    candidates = [named, *(shutil.which(name) or "" for name in NAMES), *PLACES, str(KEPT)]
    return next((path for path in candidates if path and _starts(path)), "")


def _starts(path: str) -> bool:
    if not Path(path).exists():
        return False
    asked = subprocess.run([path, "--no-sandbox", "--version"], capture_output=True, timeout=60)
    return asked.returncode == 0


def _from_system() -> str:
    """As root, from Debian's package manager, with a Chinese font."""
    if os.name != "posix" or os.geteuid() != 0 or not shutil.which("apt-get"):
        return ""
    quiet = {"env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}, "stdout": sys.stderr}
    subprocess.run(["apt-get", "update", "-qq"], check=False, **quiet)
    install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"]
    subprocess.run([*install, "fonts-noto-cjk"], check=False, **quiet)
    return _installed()


def _from_npm() -> str:
    """Elsewhere the build that rides in an npm package, brotli-packed by Node itself."""
    npm = shutil.which("npm") or str(Path(sys.executable).parent / "npm")
    if platform.system() != "Linux" or not Path(npm).exists():
        return ""
    KEPT.parent.mkdir(parents=True, exist_ok=True)
    folder = KEPT.parent / "npm"
    asked = [npm, "install", "--prefix", str(folder), "--ignore-scripts", "--no-audit", PACKAGE]
    if subprocess.run(asked, stdout=sys.stderr, check=False).returncode:
        return ""
    packed = folder / "node_modules" / "@sparticuz" / "chromium" / "bin" / "chromium.br"
    _unpack(packed, npm)
    return _installed()


def _unpack(packed: Path, npm: str) -> None:
    script = (
        "const z=require('zlib'),f=require('fs');"
        f"f.writeFileSync({str(KEPT)!r},z.brotliDecompressSync(f.readFileSync({str(packed)!r})))"
    )
    subprocess.run([str(Path(npm).parent / "node"), "-e", script], check=True)
    KEPT.chmod(0o755)
