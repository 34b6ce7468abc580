"""Forms of user tasks: reading their files, checking and converting what is submitted. No HTML."""

from engine.forms.correcting import corrected, correction_form, known_fields
from engine.forms.flow import form_findings
from engine.forms.form import (
    Choice,
    Column,
    Field,
    Form,
    FormOutcome,
    Group,
    Note,
    PartyPart,
    Shown,
    Submitted,
    Table,
)
from engine.forms.judging import accept, filled, references, shown, starting, submit
from engine.forms.party import lay_in, party_form
from engine.forms.raw import compact, renamed, row_numbers
from engine.forms.reading import check_form, form_of, read_form
from engine.forms.sheet import look_up
from engine.forms.signing import signed_text

__all__ = [
    "Choice",
    "Column",
    "Field",
    "Form",
    "FormOutcome",
    "Group",
    "Note",
    "PartyPart",
    "Shown",
    "Submitted",
    "Table",
    "accept",
    "check_form",
    "compact",
    "corrected",
    "correction_form",
    "filled",
    "form_findings",
    "form_of",
    "known_fields",
    "lay_in",
    "look_up",
    "party_form",
    "read_form",
    "references",
    "renamed",
    "row_numbers",
    "shown",
    "signed_text",
    "starting",
    "submit",
]
