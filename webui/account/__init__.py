"""One's own account: roles, password, language, sign-out."""

from . import standing
from .views import views

__all__ = ["standing", "views"]
