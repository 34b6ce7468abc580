"""The inbox: lists of tasks, the task page, starting a procedure."""

from . import starting, task
from .views import views

__all__ = ["starting", "task", "views"]
