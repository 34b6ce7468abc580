"""What would a case have done on another release: its recorded inputs played there, nothing written."""

from .rehearsing import Rehearsal, Rehearsed, Verdict, rehearse

__all__ = ["Rehearsal", "Rehearsed", "Verdict", "rehearse"]
