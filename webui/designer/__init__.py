"""For process designers: drafts of procedures, their checks, comparison, review and publishing."""

from . import carrying, files, moving, review, rounds, whatif
from .views import views

__all__ = ["carrying", "files", "moving", "review", "rounds", "views", "whatif"]
