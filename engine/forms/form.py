"""The nouns of a form: what its file says once it is read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal

from engine.feel import Expression
from engine.forms.formats import REFERENCES
from engine.model import Bilingual

Kind = Literal[
    "text",  # str
    "number",  # Decimal
    "integer",  # Decimal without fraction
    "money",  # Decimal, two places, CNY
    "boolean",  # bool
    "date",  # date
    "time",  # time
    "date-time",  # datetime in +08:00
    "choices",  # list of str
    "file",  # {"digest", "name", "size", "type"}
    "files",  # list of files
    "signature",  # a file and {"how": PAD or PAPER, "signed": digest of the text, "at": date-time}
    "rows",  # list of contexts
]

OutcomeKind = Literal["primary", "secondary", "danger"]

Raw = Mapping[str, Sequence[str]]
"""What a browser sends: field names are JSON pointers, rows ``/parties/0/name``."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to choose in a select, radio group or checkbox group."""

    value: str
    label: Bilingual


@dataclass(frozen=True, slots=True)
class Field:
    """One input. ``pointer`` is its path in case data; a column of rows is ``/parties/*/name``."""

    pointer: str
    kind: Kind
    schema: Mapping[str, Any]
    label: Bilingual
    widget: str
    required: bool = False
    help: Bilingual | None = None
    unit: Bilingual | None = None
    each: Bilingual | None = None  # what one row is called
    basis: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    options: Expression | None = None
    shows: tuple[Expression, ...] = ()
    require: Expression | None = None
    compute: Expression | None = None
    initial: Expression | None = None
    check: Expression | None = None
    say: Bilingual | None = None
    formats: tuple[tuple[str, Expression], ...] = ()
    columns: tuple[Field, ...] = ()
    health: tuple[str, ...] = ()  # roles that see it; () = no health data
    validator: Any = field(default=None, compare=False, repr=False)  # by the schema, made once
    name: str = field(init=False, compare=False)  # the last part of the pointer: the key in its row
    rows: str = field(init=False, compare=False)  # the pointer of the rows it is a column of, or ""
    format: str = field(init=False, compare=False)  # what its schema calls its format, or ""
    is_plain: bool = field(init=False, compare=False)  # no condition, no rule: fits if of its kind
    refers: bool = field(init=False, compare=False)  # it or a column names a record of a register

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", self.pointer.rpartition("/")[2])
        object.__setattr__(self, "rows", self.pointer.rpartition("/*/")[0])
        object.__setattr__(self, "format", str(self.schema.get("format", "")))
        must = self.required or self.require or self.schema.get("const") is True
        more = self.formats or self.validator or self.options or self.check
        ruled = must or more or self.shows or self.compute
        is_plain = not ruled and self.kind not in ("rows", "signature")
        object.__setattr__(self, "is_plain", is_plain)
        refers = self.format in REFERENCES or any(column.refers for column in self.columns)
        object.__setattr__(self, "refers", refers)


@dataclass(frozen=True, slots=True)
class Group:
    """Fields that belong together, under a heading."""

    label: Bilingual
    pointers: tuple[str, ...]
    help: Bilingual | None = None
    basis: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a read-only table: a key of its rows."""

    key: str
    label: Bilingual
    money: bool = False
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """Case data to read, not to change: the rows come from a FEEL list of contexts."""

    rows: Expression
    label: Bilingual
    columns: tuple[Column, ...]
    show: Expression | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """A sentence to read between the fields."""

    text: Bilingual
    show: Expression | None = None


Item = str | Group | Table | Note
"""One line of the order: a field's pointer, or one of these."""


@dataclass(frozen=True, slots=True)
class FormOutcome:
    """One way to finish the task. ``requires`` must be true, else ``refusal`` says why not."""

    id: str
    label: Bilingual
    kind: OutcomeKind = "primary"
    leads_to: Bilingual | None = None
    requires: Expression | None = None
    refusal: Bilingual | None = None
    skip_required: bool = False


@dataclass(frozen=True, slots=True)
class PartyPart:
    """What a party does of a form on their own page: ``order`` is theirs to fill in.

    ``who``: the parties meant (contexts or ids) where the diagram does not say so by ``ld:party``;
    ``rows``: they give one row of that list, the one whose ``party`` they are, and ``order`` are
    its columns; else they complete the task. ``given``: worked out for them, in sight of ``visitor``
    {id, name, agent}. ``offer``: of a field only these codes.
    """

    order: tuple[str, ...]
    rows: str = ""
    who: Expression | None = None
    given: Mapping[str, Expression] = field(default_factory=dict)
    offer: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    outcomes: tuple[str, ...] = ()
    title: Bilingual | None = None
    text: Bilingual | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Form:
    """A form file. ``fields`` are the top-level ones; ``sequence`` is the order of evaluation."""

    items: tuple[Item, ...]
    fields: Mapping[str, Field]
    sequence: tuple[Field, ...]
    outcomes: tuple[FormOutcome, ...] = ()
    title: Bilingual | None = None
    party: PartyPart | None = None


@dataclass(frozen=True, slots=True)
class Submitted:
    """What a form gives once it fits: FEEL values by pointer (rows whole), and the outcome chosen.

    ``text``: what its signatures sign, b"" where nobody signs.
    """

    values: Mapping[str, Any]
    outcome: str | None = None
    text: bytes = b""


@dataclass(frozen=True, slots=True)
class Shown:
    """How a form looks with these values. Pointers are concrete: ``/parties/0/name``.

    ``data``: the case as it would be with them, computed fields worked out, hidden ones null.
    """

    visible: frozenset[str]
    required: frozenset[str]
    data: Mapping[str, Any]
    choices: Mapping[str, tuple[Choice, ...]] = field(default_factory=dict)


CENT = Decimal("0.01")
