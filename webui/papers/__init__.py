"""Documents as paper: previewed before they are issued, opened, compared, set again."""

from .views import views

__all__ = ["views"]
