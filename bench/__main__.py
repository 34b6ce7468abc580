"""``python -m bench [NAME ...]``: run the measurements, print a table, write bench/results/latest.json."""

from __future__ import annotations

import importlib
import json
import sys
from dataclasses import asdict
from pathlib import Path

from . import Figure

HERE = Path(__file__).parent
NAMES = sorted(p.stem for p in HERE.glob("measure_*.py"))


def main(wanted: list[str]) -> int:
    """Run ``measure()`` of each bench/measure_<name>.py; the exit code says whether targets are met."""
    figures: list[Figure] = []
    for name in NAMES:
        if wanted and name.removeprefix("measure_") not in wanted:
            continue
        for figure in importlib.import_module(f"bench.{name}").measure():
            print(_line(figure), flush=True)
            figures.append(figure)
    results = HERE / "results"
    results.mkdir(exist_ok=True)
    content = json.dumps(
        [asdict(f) | {"met": f.met} for f in figures], ensure_ascii=False, indent=1
    )
    (results / "latest.json").write_text(content, "utf-8")
    missed = [f for f in figures if not f.met]
    print(f"{len(figures) - len(missed)} met, {len(missed)} missed")
    return 1 if missed else 0


def _line(figure: Figure) -> str:
    mark = "" if not figure.target else ("ok" if figure.met else "MISSED")
    return f"{figure.name:<58} {figure.value:>10.3f} {figure.unit:<8} {figure.target:<10} {mark}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
