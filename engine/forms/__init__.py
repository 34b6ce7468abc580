"""Forms of user tasks: reading their files, checking and converting what is submitted. No HTML."""

from engine.forms.form import Choice, Field, Form, FormOutcome, Group, Note, Shown, Submitted, Table
from engine.forms.judging import accept, filled, references, shown, starting, submit
from engine.forms.reading import check_form, form_of, read_form

__all__ = [
    "Choice",
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
    "filled",
    "form_of",
    "read_form",
    "references",
    "shown",
    "starting",
    "submit",
]
