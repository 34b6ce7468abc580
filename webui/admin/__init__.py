"""Administration: people, organisations, duty, calendar, settings, health."""

from . import changing, people, places
from .views import views

__all__ = ["changing", "people", "places", "views"]
