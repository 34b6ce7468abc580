"""Registers as screens: lists by day, entries with their history, keeping, taking along, bringing in."""

from . import bringing, keeping
from .views import views

__all__ = ["bringing", "keeping", "views"]
