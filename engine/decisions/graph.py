"""Requirement graphs: evaluates a decision with all that it requires, each once."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from engine.decisions import model
from engine.decisions.compiling import Compiler, Evaluate
from engine.decisions.model import Href, Model
from engine.decisions.typing import Types
from engine.errors import Invalid, NotFound
from engine.feel import scope_of
from engine.feel.calling import Closure, Scope
from engine.feel.limits import Run
from engine.model import Finding

LONGEST = 30
"""Decisions that may require one another in a row."""


class Decisions:
    """The decisions of one DMN file and of those it imports, compiled once.

    ``main`` is the file's own model; ``problems`` are its texts that cannot be read.
    """

    def __init__(self, main: Model, imported: Mapping[str, Model]) -> None:
        self.main = main
        self.models = {**imported, main.namespace: main}
        names = frozenset().union(*(m.names for m in self.models.values()))
        self.types = Types(self.models, names)
        self.compilers = {space: Compiler(space, self.types) for space in self.models}
        self.logic: dict[Href, Evaluate] = {
            (space, one.id): self.compilers[space].compile(one.logic, one.name)
            for space, found in self.models.items()
            for one in found.elements.values()
            if isinstance(one, model.Decision | model.Knowledge)
        }
        self._check_cycles()

    @property
    def problems(self) -> list[Finding]:
        return [problem for compiler in self.compilers.values() for problem in compiler.problems]

    @cached_property
    def declared(self) -> Mapping[str, Any]:
        """Checks of the declared types, for ``instance of``."""
        return self.types.declared(self.main.namespace)

    def element(self, href: Href) -> model.Element:
        """The element a href names; NotFound (decision_missing) if there is none."""
        try:
            return self.models[href[0]].elements[href[1]]
        except KeyError:
            raise NotFound("decision_missing", decision=href[1]) from None

    def find(self, name: str) -> Href:
        """The href of an element of the main model by id or name; NotFound (decision_missing)."""
        elements = self.main.elements
        if name in elements:
            return self.main.namespace, name
        for one in elements.values():
            if one.name == name:
                return self.main.namespace, one.id
        raise NotFound("decision_missing", decision=name)

    def requires(self, href: Href) -> tuple[Href, ...]:
        """What an element requires; hrefs to nothing are left out."""
        found = getattr(self.element(href), "requires", ())
        own = isinstance(self.element(href), model.Knowledge)  # which may call itself
        return tuple(
            one
            for one in found
            if one[1] in getattr(self.models.get(one[0]), "elements", ())
            and not (own and one == href)
        )

    def _check_cycles(self) -> None:
        heights: dict[Href, int] = {}
        for href in self.logic:
            self._height(href, (), heights)

    def _height(self, href: Href, way: tuple[Href, ...], heights: dict[Href, int]) -> int:
        """How many decisions and functions stand on one another here; Invalid if too many."""
        if href in way:
            raise Invalid("decision_cycle", decision=self.element(href).name)
        if href not in heights:
            inner = [one for one in self.requires(href) if one in self.logic]
            below = [self._height(one, (*way, href), heights) for one in inner]
            heights[href] = 1 + max(below, default=0)
        if heights[href] > LONGEST or len(way) > LONGEST:
            name = self.element(href).name
            raise Invalid("decision_chain", decision=name, limit=LONGEST)
        return heights[href]


class Evaluation:
    """One evaluation over given inputs: values by name, those of an import in a context of its name."""

    def __init__(self, decisions: Decisions, given: Mapping[str, Any], run: Run) -> None:
        self.decisions = decisions
        self.given = given
        self.run = run
        self.known: dict[Href, Any] = {}

    def value(self, href: Href) -> Any:
        """The value of a decision or input, or the function that knowledge or a service is."""
        if href not in self.known:
            self.known[href] = self._evaluate(href)
        return self.known[href]

    def _evaluate(self, href: Href) -> Any:
        element = self.decisions.element(href)
        if isinstance(element, model.InputData):
            return self._checked(href, element, self._given(href, element.name))
        if isinstance(element, model.Service):
            return self._service(href, element)
        logic = self.decisions.logic[href]
        if isinstance(element, model.Knowledge):
            return self._knowledge(href, element, logic)
        return self._checked(href, element, logic(self._scope(href)))

    def _checked(self, href: Href, element: model.Element, value: Any) -> Any:
        fits, value = self.decisions.types.check(href[0], element.type, value)
        return value if fits else None

    def _given(self, href: Href, name: str) -> Any:
        """An input by its name, an imported one by the context of its import first."""
        imported = self.decisions.main.imports.get(href[0], "")
        inner = self.given.get(imported) if imported else None
        if isinstance(inner, Mapping) and name in inner:
            return inner[name]
        return self.given.get(name)

    def _scope(self, href: Href) -> Scope:
        values: dict[str, Any] = {}
        imports = self.decisions.models[href[0]].imports
        for required in self.decisions.requires(href):
            name = self.decisions.element(required).name
            imported = imports.get(required[0], "") if required[0] != href[0] else ""
            place = values.setdefault(imported, {}) if imported else values
            place[name] = self.value(required)
        return scope_of(values, self.run)

    def _knowledge(self, href: Href, element: model.Knowledge, logic: Evaluate) -> Any:
        scope = self._scope(href)
        function = logic(scope)
        scope.values[element.name] = function  # type: ignore[index]
        return function

    def _service(self, href: Href, service: model.Service) -> Closure:
        names = [self.decisions.element(given).name for given in service.given]

        def body(scope: Scope) -> Any:
            inner = Evaluation(self.decisions, {}, self.run)
            for given, name in zip(service.given, names, strict=True):
                kind, value = self.decisions.element(given).type, scope.values[name]
                fits, inner.known[given] = self.decisions.types.check(given[0], kind, value)
                if not fits:
                    return None
            outputs = {self.decisions.element(o).name: inner.value(o) for o in service.outputs}
            return next(iter(outputs.values())) if len(outputs) == 1 else outputs

        return Closure([(name, None) for name in names], body, scope_of({}, self.run))
