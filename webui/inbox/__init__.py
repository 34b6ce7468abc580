"""The inbox: lists of tasks, the task page, starting a procedure."""

from . import duty, starting, task
from .views import views

__all__ = ["duty", "starting", "task", "views"]
