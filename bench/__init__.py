"""Measurements: ratios to a baseline in the same run, never a timed test."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured figure with its target: ``"<= 0.5"``, ``">= 100"`` or "" where there is none."""

    name: str
    value: float
    unit: str
    target: str = ""

    @property
    def met(self) -> bool:
        """Whether the target is reached; a figure without one always is."""
        if not self.target:
            return True
        sign, bound = self.target.split()
        return self.value <= float(bound) if sign == "<=" else self.value >= float(bound)
