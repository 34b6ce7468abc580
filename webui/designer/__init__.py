"""For process designers: drafts of procedures, their checks, comparison, review and publishing."""

from . import carrying, files
from .views import views

__all__ = ["carrying", "files", "views"]
