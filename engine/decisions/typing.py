"""Item definitions: whether a value has a declared type, and the conversions DMN allows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from engine.decisions.model import Item, Model
from engine.errors import Invalid
from engine.feel import Expression, FeelError, parse_unary
from engine.feel.nodes import Type
from engine.feel.types import ALIASES, CHECKS, coerce, instance_of

Checked = tuple[bool, Any]
"""(whether the value fits, the value as that type)."""
Check = Callable[[Any], Checked]


LONGEST = 20
"""Types that may be names of one another in a row."""


class Types:
    """The types of several models, by namespace; names of imported ones carry the import's name."""

    def __init__(self, models: Mapping[str, Model], names: frozenset[str]) -> None:
        self.models = models
        self.names = names
        self.tests: dict[str, Expression | None] = {}
        self.constrained = True
        for namespace, model in models.items():
            for item in model.items.values():
                self._check_circle(namespace, item)

    def _check_circle(self, namespace: str, item: Item) -> None:
        """Invalid (dmn_type_circle) if a type is only another name of itself."""
        found: tuple[str, Item] | None = (namespace, item)
        for _ in range(LONGEST):
            found = self._find(found[0], found[1].type) if found else None
        if found:
            raise Invalid("dmn_type_circle", type=item.name)

    def check(self, namespace: str, reference: str, value: Any) -> Checked:
        """A value against a type reference as written in a model; unknown types fit all."""
        name = reference.removeprefix("feel:")
        if value is None or not name or name == "Any":
            return True, value
        found = self._find(namespace, name)
        if found:
            return self._item(found[0], found[1], value)
        return coerce(value, Type(name)) if ALIASES.get(name, name) in CHECKS else (True, value)

    def _find(self, namespace: str, name: str) -> tuple[str, Item] | None:
        model = self.models[namespace]
        if name in model.items:
            return namespace, model.items[name]
        for space, imported in model.imports.items():
            short = name.removeprefix(f"{imported}.") if imported else name
            if space in self.models and short in self.models[space].items and short != name:
                return space, self.models[space].items[short]
        return None

    def _item(self, namespace: str, item: Item, value: Any) -> Checked:
        if not item.collection:
            if isinstance(value, list) and len(value) == 1 and not self._is_list(namespace, item):
                value = value[0]
            fits, value = self._single(namespace, item, value)
        else:
            values = value if isinstance(value, list) else [value]
            checked = [self._single(namespace, item, one) for one in values]
            fits, value = all(ok for ok, _ in checked), [one for _, one in checked]
        return (fits and self._allowed(item.constraint, value)), value

    def _is_list(self, namespace: str, item: Item) -> bool:
        if item.type == "list" or item.collection:
            return True
        found = self._find(namespace, item.type)
        return bool(found) and self._is_list(*found)  # type: ignore[misc]

    def _single(self, namespace: str, item: Item, value: Any) -> Checked:
        if value is None:
            return True, value
        if item.components:
            fits, value = self._context(namespace, item, value)
        elif item.function:
            fits = bool(instance_of(value, Type("function")))
        else:
            fits, value = self.check(namespace, item.type, value)
        return fits and self._allowed(item.allowed, value), value

    def _context(self, namespace: str, item: Item, value: Any) -> Checked:
        if not isinstance(value, dict):
            return False, value
        checked = dict(value)
        for part in item.components:
            if part.name not in value:
                return False, value
            fits, checked[part.name] = self._item_or_null(namespace, part, value[part.name])
            if not fits:
                return False, value
        return True, checked

    def _item_or_null(self, namespace: str, item: Item, value: Any) -> Checked:
        return (True, None) if value is None else self._item(namespace, item, value)

    def _allowed(self, tests: str, value: Any) -> bool:
        if not tests or not self.constrained:
            return True
        if tests not in self.tests:
            try:
                self.tests[tests] = parse_unary(tests, self.names)
            except FeelError:
                self.tests[tests] = None
        test = self.tests[tests]
        return test is None or test.evaluate({"?": value}) is True

    def declared(self, namespace: str) -> dict[str, Callable[[Any], bool]]:
        """Checks by name for ``instance of`` inside a model."""
        model = self.models[namespace]
        names = {name: (namespace, item) for name, item in model.items.items()}
        for space, imported in model.imports.items():
            if space in self.models and imported:
                own = self.models[space].items
                names |= {f"{imported}.{name}": (space, item) for name, item in own.items()}
        return {name: self._instance(*where) for name, where in names.items()}

    def _instance(self, namespace: str, item: Item) -> Callable[[Any], bool]:
        # What a type allows beyond its structure does not matter here (DMN 1.5, table 55).
        structure = Types(self.models, self.names)
        structure.constrained = False

        def check(value: Any) -> bool:
            if value is None or item.collection != isinstance(value, list):
                return False
            return structure._item(namespace, item, value)[0]

        return check
