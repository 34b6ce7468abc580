"""A draft's files as something to edit piece by piece: what nobody touches stays as it was written."""

from .form_drawn import drawn
from .form_lines import TYPES, Line
from .form_said import offered, options, table_columns
from .form_sheet import BLANK, FormSheet
from .form_words import as_typed

__all__ = [
    "BLANK",
    "TYPES",
    "FormSheet",
    "Line",
    "as_typed",
    "drawn",
    "offered",
    "options",
    "table_columns",
]
