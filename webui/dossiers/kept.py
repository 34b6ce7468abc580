"""What is kept of the parties of a dossier: agents, consents, addresses for service, attempts."""

from __future__ import annotations

from dataclasses import dataclass

from engine.registers import LINKS, Register
from storage import queries
from webui.auth import actor
from webui.display import local
from webui.entries import in_cells, listed
from webui.product import product, reading
from webui.registers import dossier_registers
from webui.words import pick


@dataclass(frozen=True, slots=True)
class Section:
    """One register of a dossier: its entries that hold or have ended, each with its cells."""

    register: Register
    heads: list[str]
    rows: list[tuple[queries.RecordRow, list[str]]]
    may_edit: bool


def kept_sections(dossier: str) -> list[Section]:
    """Every register of the dossier that this reader may open, but for the links."""
    today = local(product().clock()).date()
    rows = queries.dossier_records(reading(), dossier, today)
    shown = [
        one for one in dossier_registers().values() if one.id != LINKS and one.may_read(actor())
    ]
    return [
        Section(
            register,
            [pick(field.label) for field in listed(register)],
            in_cells(register, [row for row in rows if row.register == register.id], dossier),
            register.may_edit(actor()),
        )
        for register in shown
    ]
