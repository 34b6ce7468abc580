"""For whoever checks afterwards: a case watched, a dossier on one time line, all journals searched."""

from . import figures, finding, taking, timeline
from .views import views

__all__ = ["figures", "finding", "taking", "timeline", "views"]
