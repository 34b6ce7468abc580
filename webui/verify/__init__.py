"""Verification for anyone: is there a document with this code, and is this file that document."""

from .views import views

__all__ = ["views"]
