"""What would a case have done on another release: its recorded inputs played there, nothing written."""

from .rehearsing import Rehearsal, rehearse
from .verdict import Rehearsed, Verdict

__all__ = ["Rehearsal", "Rehearsed", "Verdict", "rehearse"]
