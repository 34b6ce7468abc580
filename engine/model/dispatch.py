"""Word of a document on its way to a party."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from .acting import Data

Channel = Literal["email", "platform"]
DispatchState = Literal["waiting", "sent", "delivered", "failed"]
"""sent: the server or platform has it; delivered: the platform says that it arrived."""


@dataclass(frozen=True, slots=True)
class Dispatch:
    """One notice to one party over one channel.

    ``consent``: the entry of the consent to e-service; ``document``: what it is about, as the dossier
    names it; ``invitation``: the one whose link it carries; ``secret``: {"link", "code"} until it is
    sent, {} from then on; ``reference``: what the other side calls it; ``failure``: {"code", "reason"}.
    """

    id: str
    dossier: str
    party: str
    channel: Channel
    address: str
    document: str
    consent: str
    invitation: str
    state: DispatchState
    made_by: str
    made_at: datetime
    secret: Data = field(default_factory=dict)
    reference: str = ""
    failure: Data = field(default_factory=dict)
    attempts: int = 0
    sent_at: datetime | None = None
    settled_at: datetime | None = None
