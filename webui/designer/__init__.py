"""For process designers: drafts of procedures, their checks, comparison, review and publishing."""

from . import files
from .views import views

__all__ = ["files", "views"]
