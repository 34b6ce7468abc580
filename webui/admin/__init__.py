"""Administration: people, organisations, duty, calendar, settings, health."""

from . import changing, offices, people, places
from .views import views

__all__ = ["changing", "offices", "people", "places", "views"]
