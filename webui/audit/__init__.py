"""For whoever checks afterwards: a case watched entry by entry, a dossier on one time line."""

from . import timeline
from .views import views

__all__ = ["timeline", "views"]
