"""Dossiers and cases for reading: lists, search, time line, diagram, replay."""

from . import case, linking, proofs, recusal
from .views import views

__all__ = ["case", "linking", "proofs", "recusal", "views"]
