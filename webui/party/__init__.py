"""The parties' own page: a second door to the same tasks, and how staff invite them to it."""

from . import doing, inviting, opinions, telling
from .views import views

__all__ = ["doing", "inviting", "opinions", "telling", "views"]
