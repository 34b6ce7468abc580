"""The door for other offices: signed messages come in here."""

from .views import views

__all__ = ["views"]
