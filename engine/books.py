"""What the product itself keeps of a dossier and forms read like registers: printed copies, notices."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from .model import Data
from .ports import Store


def copies(store: Store, dossier: str) -> Sequence[Data]:
    """The print log, the oldest first: {"digest", "code", "printer", "printed_at", "voided", "reason"}."""
    return [
        {
            "digest": one.digest,
            "code": one.code,
            "printer": one.printer,
            "printed_at": one.printed_at,
            "voided": one.voided_at is not None,
            "reason": one.void_reason or None,
        }
        for one in reversed(store.copies(dossier))
    ]


def notices(store: Store, dossier: str) -> Sequence[Data]:
    """Notices of electronic service, the oldest first: {"party", "channel", "address", "queued_at",
    "state", "sent_ok_at"}.

    ``sent_ok_at``: when the court's own system says that sending succeeded (S2-135): the mail server
    took it, the platform reports that it arrived; null until then, and where it failed.
    """
    return [
        {
            "party": one.party,
            "channel": one.channel.upper(),
            "address": one.address,
            "queued_at": one.made_at,
            "state": one.state,
            "sent_ok_at": one.settled_at
            if one.state == "delivered"
            else one.sent_at
            if (one.channel, one.state) == ("email", "sent")
            else None,
        }
        for one in reversed(store.dispatches(dossier))
    ]


BOOKS: Mapping[str, Callable[[Store, str], Sequence[Data]]] = {
    "copies": copies,
    "notices": notices,
}
"""By the name under which a form reads it, as ``registers.<name>``."""
