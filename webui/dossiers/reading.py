"""Journals that a dossier was read: once per person, dossier and local day, so that it stays quiet."""

from __future__ import annotations

from datetime import UTC, datetime, time

from storage import queries
from webui.auth import actor, viewer
from webui.display import CHINA, local
from webui.product import fresh, product, reading


def note_reading(dossier_id: str) -> None:
    """Chain the reading as a note, unless today's is there already."""
    today = datetime.combine(local(product().clock()).date(), time(), CHINA).astimezone(UTC)
    ground = queries.unread(reading(), viewer(), dossier_id, today)
    if ground:
        fresh()
        product().engine.note_reading(actor(), dossier_id, ground)
