"""The built-in functions of FEEL."""

from engine.feel.functions import contexts, conversion, lists, numeric, ranges, statistics, strings
from engine.feel.functions.registry import BUILTINS

__all__ = [
    "BUILTINS",
    "contexts",
    "conversion",
    "lists",
    "numeric",
    "ranges",
    "statistics",
    "strings",
]
