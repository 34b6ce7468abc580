"""The demonstration county: its people, and dossiers told by playing scenarios through the verbs."""

from .county import PASSWORD, is_empty, populate, sign_ins
from .filling import fill
from .visiting import invite_some, one_to_try

__all__ = ["PASSWORD", "fill", "invite_some", "is_empty", "one_to_try", "populate", "sign_ins"]
