"""The demonstration county: its people, and dossiers told by playing scenarios through the verbs."""

from .county import PASSWORD, SIGN_INS, is_empty, populate
from .filling import fill

__all__ = ["PASSWORD", "SIGN_INS", "fill", "is_empty", "populate"]
