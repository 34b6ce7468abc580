"""Dossiers and cases for reading: lists, search, time line, diagram, replay."""

from . import case, files, linking, proofs, recusal
from .views import views

__all__ = ["case", "files", "linking", "proofs", "recusal", "views"]
