"""What the rules look at: one procedure of a package, read once."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lxml import etree

from engine.diagram import Diagram, read_tree, read_xml
from engine.model import Bilingual, Finding
from engine.package import DIAGRAM, SHARED

OPERATIONS = frozenset(
    {
        *("numbers.next", "documents.record", "court.number"),
        *("signature.apply", "seal.apply", "files.verify"),
    }
)
"""What a service task may ask for."""


@dataclass(frozen=True, slots=True)
class Context:
    """What a rule cannot read from the files: ``procedure`` is the folder's name ("" = unknown).

    ``own`` is the name under which it is called; ``calls`` says who calls whom.
    """

    procedure: str
    own: str
    operations: frozenset[str]
    calls: Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Subject:
    """A procedure under check. ``folder``: "" for the own one, ``call/<procedure>/`` for a called."""

    files: Mapping[str, bytes]
    folder: str
    root: etree._Element
    diagram: Diagram
    context: Context

    @property
    def file(self) -> str:
        return self.folder + DIAGRAM

    def own(self, name: str) -> bytes | None:
        """A file of this procedure, else the shared one of that name."""
        return self.files.get(self.folder + name, self.files.get(f"{SHARED}/{name}"))

    def register(self, name: str) -> Mapping[str, Any]:
        """A shared TOML register; empty when the package holds none or it cannot be read."""
        try:
            return tomllib.loads(self.files.get(f"{SHARED}/{name}.toml", b"").decode("utf-8"))
        except ValueError:
            return {}

    def finding(self, code: str, element: str, **params: Any) -> Finding:
        """An error at an element; the texts may name ``element`` and ``name``."""
        return Finding(code, element, "error", self.file, self._said(element, params))

    def warning(self, code: str, element: str, **params: Any) -> Finding:
        return Finding(code, element, "warning", self.file, self._said(element, params))

    def _said(self, element: str, params: dict[str, Any]) -> dict[str, Any]:
        return {"element": element, "name": self.title(element), **params}

    def title(self, element: str) -> Bilingual:
        """What a person calls an element in each language: its label there, else the other, else its id."""
        diagram = self.diagram
        words: Bilingual = {}
        for named in (diagram.nodes, diagram.flows, diagram.lanes):
            if element in named:
                words = named[element].name
        known = next((words[lang] for lang in ("zh", "en") if words.get(lang)), element)
        return {lang: words.get(lang) or known for lang in ("zh", "en")}


Rule = Callable[[Subject], Iterator[Finding]]


def read_subject(files: Mapping[str, bytes], folder: str, context: Context) -> Subject:
    """Raises Invalid where the diagram cannot be read, KeyError where there is none."""
    root = read_xml(files[folder + DIAGRAM])
    return Subject(files, folder, root, read_tree(root), context)
