"""What the page of service shows: the notices of a dossier, and what may be sent to whom."""

from __future__ import annotations

from typing import Any

from engine.commands.visiting import works_on
from engine.model.dispatch import Channel
from storage import queries
from webui.auth import actor
from webui.product import product, reading

CHANNELS: tuple[Channel, ...] = ("email", "platform")


def delivery_shown(dossier_id: str) -> dict[str, Any]:
    """Notices, the newest first; parties that agreed to e-service; documents; channels set up here."""
    db, store, engine = reading(), product().looking(), product().engine
    parties = queries.party_rows(db, dossier_id)
    documents = queries.documents(db, dossier_id)
    copies = [one.digest for one in store.copies(dossier_id) if not one.voided_at]
    return {
        "sendings": store.dispatches(dossier_id),
        "letters": queries.letters_about(db, dossier_id),
        "may_send": works_on(store, actor(), dossier_id),
        "agreed": [one for one in parties if engine.e_consent(store, dossier_id, one.id)],
        "party_names": {one.id: one.name for one in parties},
        "documents": documents,
        "to_print": [(*one, copies.count(one[0])) for one in store.printable(dossier_id)],
        "channels": [one for one in CHANNELS if engine.has_channel(one)],
    }
