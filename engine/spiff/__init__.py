"""The pure step, and the only imports of SpiffWorkflow."""

from .outcome import State
from .step import STEP, advance, read_state

__all__ = ["STEP", "State", "advance", "read_state"]
