"""The catalogue: what the engine says, keyed by code, in Chinese and in English."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal

Lang = Literal["zh", "en"]
HERE = Path(__file__).parent


@cache
def catalogue(folder: Path = HERE) -> Mapping[str, Mapping[str, str]]:
    """All texts of a folder's ``*.toml`` files: ``{code: {"zh": ..., "en": ...}}``."""
    texts: dict[str, Mapping[str, str]] = {}
    for path in sorted(folder.glob("*.toml")):
        for code, words in tomllib.loads(path.read_text("utf-8")).items():
            if code in texts:
                raise ValueError(f"{path.name}: {code} is said twice")
            texts[code] = words
    return texts


def text(code: str, lang: Lang, params: Mapping[str, Any] | None = None) -> str:
    """The sentence for a code, its ``{placeholders}`` filled; raises KeyError for an unknown code."""
    return catalogue()[code][lang].format(**(params or {}))
