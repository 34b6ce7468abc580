"""Do the letters fit: heads that can be read, fields that something writes, a template for each kind."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace

from engine.citations import cite
from engine.errors import Invalid, NotFound
from engine.letters.filling import GIVEN
from engine.letters.heads import FOLDER, Letter, read_letter
from engine.letters.making import RECORD, kinds_of
from engine.model import Finding

from .names import is_known, written_here
from .subject import Subject


def letters(subject: Subject) -> Iterator[Finding]:
    """Each template's head, its title in both languages, its fields, citations and tasks."""
    written = written_here(subject)
    for name, content in _files(subject).items():
        file = f"{subject.folder}{FOLDER}{name}.typ"
        try:
            letter = read_letter(name, content)
        except Invalid as refused:
            yield replace(subject.finding(refused.code, name, **refused.params), file=file)
            continue
        for one in _of_one(subject, letter, written):
            yield replace(one, file=file)


def _of_one(subject: Subject, letter: Letter, written: frozenset[str]) -> Iterator[Finding]:
    for lang in ("zh", "en"):
        if not letter.title.get(lang):
            yield subject.finding("template_title", letter.id, lang=lang)
    for pointer in letter.fields:
        path = pointer.strip("/").replace("/", ".")
        if path.partition(".")[0] not in GIVEN and not is_known(path, written):
            yield subject.finding("template_field", letter.id, field=pointer)
    for task in letter.tasks:
        if task not in subject.diagram.nodes:
            yield subject.finding("template_task", letter.id, task=task)
    yield from _citations(subject, letter)


def _citations(subject: Subject, letter: Letter) -> Iterator[Finding]:
    held = {name: subject.register(name) for name in ("sources", "clauses")}
    for ref in letter.basis:
        try:
            cite(held, ref)
        except NotFound:
            yield subject.finding("citation_not_found", letter.id, ref=ref)


def paths_printed(subject: Subject) -> Iterator[tuple[str, str]]:
    """(element, dotted path) of what the letters say that an element records or is printed at."""
    letters = {}
    for name, content in _files(subject).items():
        with suppress(Invalid):
            letters[name] = read_letter(name, content)
    for node in subject.diagram.nodes.values():
        made = kinds_of(node) if node.operation == RECORD else frozenset()
        for letter in letters.values():
            if letter.id in made or node.id in letter.tasks:
                paths = (one.strip("/").replace("/", ".") for one in letter.fields)
                yield from ((node.id, one) for one in paths if one.partition(".")[0] not in GIVEN)


def recorded(subject: Subject) -> Iterator[Finding]:
    """A procedure that has letters has one for every kind of document that it records."""
    held = _files(subject).keys()
    for node in subject.diagram.nodes.values() if held else ():
        if node.operation == RECORD:
            for kind in sorted(kinds_of(node) - held):
                yield subject.finding("template_missing", node.id, kind=kind)


def _files(subject: Subject) -> dict[str, bytes]:
    folder = subject.folder + FOLDER
    return {
        name.removeprefix(folder).removesuffix(".typ"): content
        for name, content in subject.files.items()
        if name.startswith(folder) and name.endswith(".typ")
    }


RULES = (letters, recorded)
