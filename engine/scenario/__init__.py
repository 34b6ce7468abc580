"""Stories that a procedure must end as told, played on the pure step with a virtual clock."""

from .playing import Played, play
from .reading import Scenario, find_scenarios, read_scenario
from .rehearsal import Rehearsal, Stand, stand
from .verdict import Failure

__all__ = [
    "Failure",
    "Played",
    "Rehearsal",
    "Scenario",
    "Stand",
    "find_scenarios",
    "play",
    "read_scenario",
    "stand",
]
