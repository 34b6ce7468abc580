"""Pages for everybody: sign-in, the first administrator, is it well."""

from .views import views

__all__ = ["views"]
