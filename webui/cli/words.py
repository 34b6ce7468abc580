"""How the command line speaks: the user's language, findings and refusals as sentences."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping
from typing import Any, Literal

import click

from engine.errors import EngineError, Invalid
from engine.model import Finding, Problem
from engine.texts import text

Lang = Literal["zh", "en"]
json_lines = click.option(
    "--json", "as_json", is_flag=True, help="每个结果一行 JSON / one line of JSON per result"
)
"""The option of every command that a machine may read: the sentence at the end goes to stderr then."""


def language() -> Lang:
    """``LIANDIAO_LANG``, else Chinese where the terminal's locale is Chinese, else English."""
    named = (
        os.environ.get("LIANDIAO_LANG") or os.environ.get("LC_ALL") or os.environ.get("LANG", "")
    )
    return "zh" if named.startswith("zh") else "en"


def explain(refused: EngineError) -> str:
    """The refusal's sentence, with a line for each finding or problem it carries."""
    lines = [say(refused.code, refused.params)]
    if isinstance(refused, Invalid):
        lines += [problem_line(item) for item in refused.problems]
    return "\n".join(lines)


def say(code: str, params: Mapping[str, object]) -> str:
    """A code's sentence in the user's language; the bare code where its words want other parameters."""
    lang = language()
    said = {key: _in(lang, value) for key, value in params.items()}
    try:
        return text(code, lang, said)
    except KeyError:
        return f"{code} {dict(params)}"


def _in(lang: Lang, value: object) -> object:
    """Words in both languages in one of them; anything else as it is."""
    return value.get(lang, value) if isinstance(value, dict) else value


def problem_line(item: Finding | Problem) -> str:
    """One finding with its hint, or one field problem."""
    if isinstance(item, Problem):
        return f"  {item.pointer}: {say(item.code, item.params)}"
    hint = say(f"{item.code}_hint", item.params)
    where = f"{item.file}#{item.element}" if item.file else item.element
    return f"  [{item.level}] {where}: {say(item.code, item.params)}\n      {hint}  ({item.code})"


def either(zh: str, en: str) -> str:
    """One of two wordings."""
    return zh if language() == "zh" else en


def going(some: Iterable[Any], label: str, length: int | None = None) -> Any:
    """A bar for long work, in a terminal only: a context manager that gives what to go through."""
    hidden = not sys.stderr.isatty()
    return click.progressbar(some, length, label, file=sys.stderr, hidden=hidden)
