"""The pages that edit what a draft holds beside its diagram; each saves over what it was opened from."""

from . import drawing, forms, letters, mending, playing, rehearsing, saving, tables
from .views import views

__all__ = [
    "drawing",
    "forms",
    "letters",
    "mending",
    "playing",
    "rehearsing",
    "saving",
    "tables",
    "views",
]
