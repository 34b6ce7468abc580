"""The ledger of conflict resolution in detention: a live view, for courts, police and centres."""

from .views import views

__all__ = ["views"]
