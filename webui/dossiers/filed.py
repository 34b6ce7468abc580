"""The files of a dossier as a list: which version of its name each is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from engine.commands.visiting import works_on
from storage import queries
from webui.auth import actor
from webui.forms.filetypes import ACCEPT
from webui.health import may_open
from webui.product import product, reading


@dataclass(frozen=True, slots=True)
class Kept:
    """A file in the list: its newest version, and how many stood under this name before."""

    row: Any
    version: int
    is_newest: bool


def kept_files(dossier_id: str) -> list[Kept]:
    """Every file this reader is shown, the oldest first; a later one of a name is its next version."""
    shown = may_open(dossier_id)
    rows = [row for row in queries.attachments(reading(), dossier_id) if shown(row.digest)]
    return [Kept(row, *_place(rows, row)) for row in rows]


def _place(rows: Sequence[Any], row: Any) -> tuple[int, bool]:
    same = [one.digest for one in rows if one.name == row.name]
    return same.index(row.digest) + 1, same[-1] == row.digest


def files_shown(dossier_id: str) -> dict[str, Any]:
    """What the list of files needs."""
    files = kept_files(dossier_id)
    may = works_on(product().looking(), actor(), dossier_id)
    newest = [one for one in files if one.is_newest]
    return {"files": newest, "may_attach": may, "accept": ACCEPT}
