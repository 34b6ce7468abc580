"""For whoever checks afterwards: a case watched, a dossier on one time line, all journals searched."""

from . import figures, finding, proving, taking, timeline
from .views import views

__all__ = ["figures", "finding", "proving", "taking", "timeline", "views"]
