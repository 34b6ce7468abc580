"""What the drawing canvas asks of the server: words and registers, FEEL as it is typed, a layout."""

from .views import views

__all__ = ["views"]
