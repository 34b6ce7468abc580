"""The demonstration county: its people, and dossiers told by playing scenarios through the verbs."""

from .county import PASSWORD, is_empty, populate, sign_ins
from .filling import fill

__all__ = ["PASSWORD", "fill", "is_empty", "populate", "sign_ins"]
