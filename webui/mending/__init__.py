"""What stands still, was not received or is wrong: incidents, hand-overs, corrections."""

from . import correcting, grouping, repairing
from .views import views

__all__ = ["correcting", "grouping", "repairing", "views"]
