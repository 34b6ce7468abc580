"""The policy as a map: clauses and articles, what carries them, and the sources in force on a day."""

from .views import views

__all__ = ["views"]
