"""What stands still or was not received: incidents and hand-overs."""

from .views import views

__all__ = ["views"]
