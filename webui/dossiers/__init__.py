"""Dossiers and cases for reading: lists, search, time line, diagram, replay."""

from . import case, proofs, recusal
from .views import views

__all__ = ["case", "proofs", "recusal", "views"]
