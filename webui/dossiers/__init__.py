"""Dossiers and cases for reading: lists, search, time line, diagram, replay."""

from . import case
from .views import views

__all__ = ["case", "views"]
