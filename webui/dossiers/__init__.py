"""Dossiers and cases for reading: lists, search, time line, diagram, replay."""

from . import case, delivery, files, holding, linking, printing, proofs, recusal
from .views import views

__all__ = [
    "case",
    "delivery",
    "files",
    "holding",
    "linking",
    "printing",
    "proofs",
    "recusal",
    "views",
]
