"""How word of a document reaches a party: one module per channel.

A channel is a service handler: (dispatch id, {"address", "subject", "text"}) -> {"reference"}. It may
run more than once for one id and says so to the other side (``Message-ID``, ``Idempotency-Key``);
Failed says with ``permanent`` whether trying again is of use.
"""

from .mail import Mail
from .platform import Platform

__all__ = ["Mail", "Platform"]
