"""Keeping and destroying: the schedule, what is due, lists to decide, holds, certificates."""

from . import deciding
from .views import views

__all__ = ["deciding", "views"]
