"""One's own account: roles, password, language, sign-out."""

from .views import views

__all__ = ["views"]
