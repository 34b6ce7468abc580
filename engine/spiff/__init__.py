"""The pure step, and the only imports of SpiffWorkflow."""

from .ahead import coming
from .moving import Misfit, misfit, move
from .outcome import State
from .relocating import place_of
from .renaming import renamed_place
from .standing import Standing, standing
from .state import hollow
from .step import STEP, advance, read_state

__all__ = [
    "STEP",
    "Misfit",
    "Standing",
    "State",
    "advance",
    "coming",
    "hollow",
    "misfit",
    "move",
    "place_of",
    "read_state",
    "renamed_place",
    "standing",
]
