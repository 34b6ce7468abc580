"""What a party sees and does of a form on their own page, and whether that part is whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from engine.feel import Expression, parse
from engine.forms.drawing import Drawing
from engine.forms.form import Field, Form, Group, Item, PartyPart
from engine.forms.raw import texts
from engine.forms.schema import judging

ROW = "/row"
"""Where the one row of a list stands that a party gives; its conditions say ``row`` anyway."""
VISITOR = parse("visitor.id")


def read_party(drawing: Drawing, told: Mapping[str, Any] | None) -> PartyPart | None:
    """The ``party`` of a form's ``ui``."""
    if told is None:
        return None
    given = {name: drawing.feel(text, f"/ui/party/{name}") for name, text in _given(told).items()}
    return PartyPart(
        order=tuple(told["order"]),
        rows=told.get("rows", ""),
        who=drawing.expression(told, "who", "/ui/party"),
        given={name: found for name, found in given.items() if found is not None},
        offer={name: tuple(codes) for name, codes in told.get("offer", {}).items()},
        outcomes=tuple(told.get("outcomes", ())),
        title=told.get("title"),
        text=told.get("text"),
    )


def _given(told: Mapping[str, Any]) -> Mapping[str, Any]:
    found: Mapping[str, Any] = told.get("given", {})
    return found


def check_party(drawing: Drawing, form: Form) -> None:
    """A party's part names what there is, and leaves nothing open that the form asks for."""
    part = form.party
    if part is None:
        return
    known = _known(form, part)
    named = (*part.order, *part.given, *part.offer)
    strange = set(named) - known.keys() | set(part.outcomes) - {one.id for one in form.outcomes}
    for name in sorted(strange):
        drawing.find("form_party_unknown", "/ui/party", name=name)
    if part.rows and "party" not in known:
        drawing.find("form_party_rows", "/ui/party", pointer=part.rows)
    for name in sorted(part.offer.keys() & known.keys()):
        missing = set(part.offer[name]) - {choice.value for choice in known[name].choices}
        for code in sorted(missing):
            drawing.find("form_option_missing", name, option=code)
    for name in [name for name, field in known.items() if _is_open(part, name, field)]:
        drawing.find("form_party_incomplete", "/ui/party", name=name)


def _is_open(part: PartyPart, name: str, field: Field) -> bool:
    asked = field.required or field.require is not None
    settled = name in part.order or name in part.given or field.compute is not None
    return asked and not settled and not (part.rows and name == "party")


def _known(form: Form, part: PartyPart) -> Mapping[str, Field]:
    if not part.rows:
        return form.fields
    rows = form.fields.get(part.rows)
    return {column.name: column for column in rows.columns} if rows else {}


def party_form(form: Form) -> Form:
    """The form as a party fills it in; ``form`` has a ``party``."""
    part = form.party
    if part is None:
        raise ValueError("no part of this form is a party's")
    fields = dict(_of_row(form, part) if part.rows else _of_whole(form, part))
    order = tuple(f"{ROW}/{name}" for name in part.order) if part.rows else part.order
    first = {f.pointer: number for number, f in enumerate(form.sequence)}
    return replace(
        form,
        items=(*_given_items(form), *order) if part.rows else tuple(_items(form, order)),
        fields=fields,
        sequence=tuple(sorted(fields.values(), key=lambda f: first.get(f.pointer, 0))),
        outcomes=_outcomes(form, part),
        title=part.title or form.title,
    )


def _outcomes(form: Form, part: PartyPart) -> Any:
    if part.rows:
        return ()
    return tuple(one for one in form.outcomes if not part.outcomes or one.id in part.outcomes)


def _of_whole(form: Form, part: PartyPart) -> Iterator[tuple[str, Field]]:
    for pointer, field in form.fields.items():
        if pointer in part.order:
            yield pointer, _theirs(field, part.offer.get(pointer))
        elif pointer in part.given:
            yield pointer, _worked_out(field, part.given[pointer])
        elif field.compute:
            yield pointer, field


def _of_row(form: Form, part: PartyPart) -> Iterator[tuple[str, Field]]:
    for name, column in _known(form, part).items():
        here = replace(column, pointer=f"{ROW}/{name}")
        if name in part.order:
            yield here.pointer, _theirs(here, part.offer.get(name))
        elif name in part.given:
            yield here.pointer, _worked_out(here, part.given[name])
        elif name == "party":
            yield here.pointer, _worked_out(here, VISITOR)


def _theirs(field: Field, offered: tuple[str, ...] | None) -> Field:
    """A field to fill in; a party signs or says that they do not."""
    if field.kind == "signature":
        return replace(field, required=True)
    if offered is None:
        return field
    schema = {**field.schema, "enum": list(offered)}
    choices = tuple(choice for choice in field.choices if choice.value in offered)
    return replace(field, schema=schema, choices=choices, validator=judging(schema))


def _worked_out(field: Field, value: Expression) -> Field:
    return replace(
        field, widget="hidden", compute=value, required=False, require=None, options=None
    )


def _given_items(form: Form) -> tuple[Item, ...]:
    return tuple(item for item in form.items if not isinstance(item, str | Group))


def _items(form: Form, order: tuple[str, ...]) -> Iterator[Item]:
    for item in form.items:
        if isinstance(item, Group):
            inside = tuple(pointer for pointer in item.pointers if pointer in order)
            if inside:
                yield replace(item, pointers=inside)
        elif not isinstance(item, str) or item in order:
            yield item


def lay_in(
    form: Form, raw: Mapping[str, list[str]], row: Mapping[str, Any]
) -> dict[str, list[str]]:
    """What staff's fields hold with a party's row in its place: the row of that party, else a new one."""
    rows = form.fields[form.party.rows] if form.party else None
    if rows is None:
        return dict(raw)
    start = f"{rows.pointer}/"
    taken = {name[len(start) :].partition("/")[0]: values for name, values in raw.items()
             if name.startswith(start) and name.endswith("/party")}  # fmt: skip
    own = next((n for n, values in taken.items() if values in ([row["party"]], [""])), None)
    number = own if own is not None else str(max((int(n) for n in taken), default=-1) + 1)
    known = {column.name: column for column in rows.columns if column.name in row}
    placed = {f"{start}{number}/{name}": texts(column, row[name]) for name, column in known.items()}
    return {**raw, **placed}
