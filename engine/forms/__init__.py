"""Forms of user tasks: reading their files, checking and converting what is submitted. No HTML."""

from engine.forms.flow import form_findings
from engine.forms.form import (
    Choice,
    Column,
    Field,
    Form,
    FormOutcome,
    Group,
    Note,
    Shown,
    Submitted,
    Table,
)
from engine.forms.judging import accept, filled, references, shown, starting, submit
from engine.forms.raw import compact, renamed, row_numbers
from engine.forms.reading import check_form, form_of, read_form
from engine.forms.sheet import look_up

__all__ = [
    "Choice",
    "Column",
    "Field",
    "Form",
    "FormOutcome",
    "Group",
    "Note",
    "Shown",
    "Submitted",
    "Table",
    "accept",
    "check_form",
    "compact",
    "filled",
    "form_findings",
    "form_of",
    "look_up",
    "read_form",
    "references",
    "renamed",
    "row_numbers",
    "shown",
    "starting",
    "submit",
]
