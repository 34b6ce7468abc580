"""Forms on the screen: drawn to native HTML controls, and read back from what a browser sends."""

from .drawing import View, render, sentence
from .reading import in_words
from .receiving import Received, from_request, kept_files
from .refs import Picker

__all__ = [
    "Picker",
    "Received",
    "View",
    "from_request",
    "in_words",
    "kept_files",
    "render",
    "sentence",
]
