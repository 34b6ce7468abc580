"""Values of a case in words: under their form's label, people by name, sealed where they are apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from engine.forms import Field, known_fields
from storage import queries
from webui.corrections import Change, value_words
from webui.display import masked, readable
from webui.health import health_fields, hidden
from webui.procedures import Drawn
from webui.product import product, reading
from webui.registers import role_name
from webui.words import pick, t

from .columns import Words, coded
from .decided import Pairs
from .handed import pointer_of
from .telling import leaves


class Wording:
    """Of one case; ``names``: what is known already of whom ids mean; ``revealed``: health data asked for;
    ``handed``: fields of the forms from which messages brought values here; ``labels``, ``codes``: what
    the results of decisions are called, and what they and the ways out say, by path."""

    def __init__(
        self,
        drawn: Drawn,
        names: Mapping[str, str],
        revealed: bool,
        handed: Mapping[str, Field] | None = None,
    ) -> None:
        self.drawn = drawn
        self.fields = {**(handed or {}), **known_fields(drawn.forms())}
        self.hidden = hidden(health_fields(drawn), revealed)
        self._names = dict(names)
        self.labels: dict[str, str] = {}
        self.codes = dict(_ways_out(drawn))
        self._worked_out = dict(_worked_out(drawn))
        steps = (node for node in drawn.nodes.values() if node.result)
        self._results = {node.result: pick(node.name, node.result) for node in steps}

    def changes(self, found: Iterable[tuple[str, Any, Any]]) -> list[Change]:
        """(pointer, before, after) in words."""
        return [self._change(*one) for one in found]

    def _change(self, pointer: str, before: Any, after: Any) -> Change:
        known = self.fields.get(pointer)
        if pointer[1:].replace("/", ".") in self.hidden:
            sealed = str(t("forms.sealed"))
            return Change(self._label(pointer, known), sealed, sealed)
        words = self.codes.get(pointer[1:].replace("/", "."))
        told = (self._told(pointer, one, known, words) for one in (before, after))
        return Change(self._label(pointer, known), *told)

    def _told(self, pointer: str, value: Any, known: Field | None, words: Words | None) -> str:
        if words and not known:
            return coded(value, words)
        return _masked(pointer, self.said(value, known), value)

    def _label(self, pointer: str, known: Field | None) -> str:
        """The form's label; else the step whose way out or result it is; else where it stands."""
        if known:
            return pick(known.label, pointer)
        head, _, tail = pointer[1:].rpartition("/")
        if tail == "outcome" and head in self.drawn.nodes:
            return str(t("watch.way_out", step=self.drawn.step(head)))
        if pointer == "/parties":
            return str(t("dossier.parties"))
        if pointer in self._worked_out:
            return self._worked_out[pointer]
        path = pointer[1:].replace("/", ".")
        made = next((r for r in self._results if path == r or path.startswith(f"{r}.")), None)
        if made is None:
            return path
        named = self.labels.get(path, path[len(made) + 1 :])
        return " · ".join(filter(None, (self._results[made], named)))

    def said(self, value: Any, known: Field | None = None) -> str:
        """A value as a person reads it."""
        if value is None:
            return "-"
        if isinstance(value, str) and (known is None or known.format in ("person", "organisation")):
            return self._named(value)
        if known:
            return value_words(known, self._with_names(value))
        if isinstance(value, dict) and {"digest", "number"} <= set(value):
            return str(t("watch.numbered", number=value["number"]))
        if isinstance(value, list) and all(
            isinstance(each, dict) and "name" in each for each in value
        ):
            return "、".join(str(each["name"]) for each in value) or "-"
        return readable(value)

    def _named(self, value: str) -> str:
        """A person, organisation, party or role by name; any other text as it is."""
        if value not in self._names:
            found = queries.names_of(reading(), {value}).get(value, value)
            self._names[value] = role_name(value) if found == value else found
        return self._names[value]

    def _with_names(self, value: Any) -> Any:
        """The same with the parties that it names by id called by name, in rows too."""
        if isinstance(value, Mapping):
            return {key: self._with_names(one) for key, one in value.items()}
        if isinstance(value, list):
            return [self._with_names(one) for one in value]
        return self._names.get(value, value) if isinstance(value, str) else value

    def carried(
        self, payload: Mapping[str, Any], texts: Mapping[str, str]
    ) -> list[tuple[str, str]]:
        """What a message carried; what its FEEL (``texts``) takes from health data stays sealed.

        What it takes from the case as a form asked for it is called as there.
        """
        return [each for name, one in payload.items() for each in self._carry(name, one, texts)]

    def _carry(self, name: str, value: Any, texts: Mapping[str, str]) -> Pairs:
        text = texts.get(name, "")
        if self._seals(text):
            return [(name, str(t("forms.sealed")))]
        at = pointer_of(text)
        if not any(one == at or one.startswith(f"{at}/") for one in self.fields):
            return [(name, _masked(name, self.said(value), value))]
        told = self.changes((where, None, one) for where, one in leaves(value, at, self.fields))
        return [(each.label, each.after) for each in told]

    def _seals(self, text: str) -> bool:
        return any(path in text or path.split(".")[0] == text.strip() for path in self.hidden)


def _ways_out(drawn: Drawn) -> Iterator[tuple[str, Words]]:
    """What the outcomes of each task are called, by the path at which the chosen one stands."""
    for element in filter(drawn.asks, drawn.nodes):
        form = product().engine.form(drawn.release, element)
        yield f"{element}.outcome", {one.id: pick(one.label) for one in form.outcomes}


def _worked_out(drawn: Drawn) -> Iterator[tuple[str, str]]:
    """What is called by a name though nobody is asked for it: the role of a lane, a hidden field."""
    for lane in drawn.diagram.lanes.values():
        if "." in lane.role:
            yield pointer_of(lane.role), pick(lane.name, lane.role)
    for _, form in drawn.forms():
        for pointer, field in form.fields.items():
            if field.widget == "hidden" and pick(field.label):
                yield pointer, pick(field.label)


def _masked(name: str, said: str, value: Any) -> str:
    """Identity numbers keep their middle hidden for everybody, as on the case page."""
    return masked(value) if name.endswith("id_no") and isinstance(value, str) else said
