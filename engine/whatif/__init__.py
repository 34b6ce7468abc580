"""What would a case have done on another release: its recorded inputs played there, nothing written."""

from .rehearsing import Rehearsed, Verdict, rehearse

__all__ = ["Rehearsed", "Verdict", "rehearse"]
