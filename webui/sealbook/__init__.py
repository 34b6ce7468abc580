"""The custodian's desk: seals, the ledger of their use, and what is to be looked at again."""

from .views import views

__all__ = ["views"]
