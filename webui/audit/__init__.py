"""For whoever checks afterwards: a case watched, a dossier on one time line, all journals searched."""

from . import finding, timeline
from .views import views

__all__ = ["finding", "timeline", "views"]
