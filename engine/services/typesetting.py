"""Sets letters as PDF/A documents: the only module that knows the typesetter."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from threading import Lock
from typing import Any
from weakref import finalize

import typst

from engine.errors import Failed, NotFound
from engine.letters import gather, letters_of, wording_of
from engine.letters.filling import missing_fields, replaced, unprintable
from engine.letters.heads import Letter, letter_files
from engine.model import Anchor, Data, Problem, Release, Typeset
from engine.texts import Lang

from .fonts import FontStack

PAGE_HEIGHT = 841.89
"""Points of an A4 page: the typesetter counts from above, PDF from below."""
STANDARDS: Any = ["a-2a", "ua-1"]
LAYOUTS = "shared/letters/"
MOST_LAID = 64
"""Releases whose templates stay laid out; drafts come with each save."""


class Letters:
    """Typesets letters of releases; one compiler is kept, its fonts read once. Thread-safe."""

    def __init__(self, fonts: FontStack | None = None) -> None:
        self.fonts = fonts or FontStack()
        self._lock = Lock()
        self._compiler: Any = None
        self._folder = Path(mkdtemp(prefix="letters-"))
        finalize(self, rmtree, self._folder, ignore_errors=True)
        self._laid: dict[str, Path] = {}

    def letter(self, release: Release, letter_id: str) -> Letter | None:
        """The head of a letter; None where the release has none of that name."""
        return letters_of(release.files).get(letter_id)

    def typeset(
        self,
        release: Release,
        letter_id: str,
        data: Mapping[str, Any],
        lang: Lang = "zh",
        draft: bool = False,
    ) -> Typeset:
        """The letter over ``data`` as ``gather`` takes it. The same data gives the same bytes.

        A draft is watermarked and set in spite of problems; what is issued has none. Raises
        NotFound (template_unknown), Failed (template_broken) when the template itself does not compile.
        """
        sheet, problems = self._judged(release, letter_id, data, lang)
        if problems and not draft:
            return Typeset(b"", (), problems)
        shown = replaced(sheet, self.fonts.lacks) if problems else replaced(sheet, _none)
        with self._lock:
            pdf = self._compile(release, letter_id, {**shown, "draft": draft}, "pdf")
            anchors = tuple(_anchor(one) for one in self._anchors())
        # What signs it later appends to the file, and the end mark must end its line.
        return Typeset(pdf + b"\n", anchors, problems)

    def problems(
        self, release: Release, letter_id: str, data: Mapping[str, Any]
    ) -> tuple[Problem, ...]:
        """What keeps the letter from being issued, by field, without setting it."""
        return self._judged(release, letter_id, data, "zh")[1]

    def pictures(
        self, release: Release, letter_id: str, data: Mapping[str, Any], ppi: int = 80
    ) -> list[bytes]:
        """The draft's pages as PNG."""
        sheet, _ = self._judged(release, letter_id, data, "zh")
        shown = {**replaced(sheet, self.fonts.lacks), "draft": False}
        with self._lock:
            made = self._compile(release, letter_id, shown, "png", ppi)
        return list(made) if isinstance(made, list) else [made]

    def _judged(
        self, release: Release, letter_id: str, data: Mapping[str, Any], lang: Lang
    ) -> tuple[Data, tuple[Problem, ...]]:
        letter = self.letter(release, letter_id)
        if letter is None:
            raise NotFound("template_unknown", letter=letter_id)
        sheet = gather(letter, wording_of(release), data, lang)
        heads = {"document": {"title": sheet["title"]}, "organ": sheet["organ"]}
        problems = (
            *missing_fields(letter, data),
            *unprintable(sheet["d"], "", self.fonts.lacks),
            *unprintable(heads, "", self.fonts.lacks),
        )
        return {**sheet, "fonts": self.fonts.roles}, problems

    # The compiler ----------------------------------------------------------------------------

    def _compile(
        self, release: Release, letter_id: str, sheet: Data, form: Any, ppi: int | None = None
    ) -> Any:
        root = self._root(release)
        if self._compiler is None:
            fonts = typst.Fonts(False, False, list(self.fonts.folders))
            self._compiler = typst.Compiler(font_paths=fonts, ignore_system_fonts=True)
        try:
            return self._compiler.compile(
                input=str(root / f"{letter_id}.typ"),
                root=str(root),
                format=form,
                ppi=ppi,
                sys_inputs={"data": json.dumps(sheet, ensure_ascii=False)},
                pdf_standards=STANDARDS if form == "pdf" else [],
            )
        except typst.TypstError as error:
            reason = f"{error.message} {' '.join(error.hints)}".strip()[:300]
            found = re.search(rf"\b{re.escape(letter_id)}\.typ:(\d+)", error.diagnostic)
            told = {"letter": letter_id, "reason": reason, "line": int(found[1]) if found else 0}
            raise Failed("template_broken", permanent=True, **told) from error

    def _anchors(self) -> list[Data]:
        found: list[Data] = json.loads(self._compiler.query("<anchor>", field="value"))
        return found

    def _root(self, release: Release) -> Path:
        """The templates of a release as files, laid out once; imports cannot leave their folder."""
        if release.digest not in self._laid:
            root = self._folder / hashlib.sha256(release.digest.encode()).hexdigest()
            shared = {n: c for n, c in release.files.items() if n.startswith(LAYOUTS)}
            own = {f"{name}.typ": content for name, content in letter_files(release.files).items()}
            for name, content in {**shared, **own}.items():
                path = root / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
            self._laid[release.digest] = root
            while len(self._laid) > MOST_LAID:
                rmtree(self._laid.pop(next(iter(self._laid))), ignore_errors=True)
        return self._laid[release.digest]


def _none(text: str) -> str:
    return ""


def _anchor(told: Data) -> Anchor:
    at = told["at"]
    x, y = (float(at[axis].removesuffix("pt")) for axis in ("x", "y"))
    return Anchor(told["name"], int(at["page"]), round(x, 2), round(PAGE_HEIGHT - y, 2))
