"""A draft's files as something to edit piece by piece: what nobody touches stays as it was written."""

from .form_drawn import drawn
from .form_lines import TYPES, Line
from .form_said import offered, options, table_columns
from .form_shape import is_text
from .form_sheet import BLANK, FormSheet
from .form_words import as_typed
from .letter_sheet import BLANK_LETTER, LetterSheet
from .table_grid import AGGREGATIONS, POLICIES, Grid, blank_table
from .table_sheet import TableSheet

__all__ = [
    "AGGREGATIONS",
    "BLANK",
    "BLANK_LETTER",
    "POLICIES",
    "TYPES",
    "FormSheet",
    "Grid",
    "LetterSheet",
    "Line",
    "TableSheet",
    "as_typed",
    "blank_table",
    "drawn",
    "is_text",
    "offered",
    "options",
    "table_columns",
]
