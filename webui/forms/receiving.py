"""From a browser's request to what the engine reads: rows added and removed, files kept."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

from werkzeug.datastructures import FileStorage, MultiDict

from engine.errors import Failed, Invalid
from engine.forms import Field, Form, compact, renamed, row_numbers
from engine.model import Problem

from .filetypes import clean_name, fits_name, type_of
from .reading import size_of
from .refs import file_of, open_file, open_text
from .strokes import drawn_signature

ADD, REMOVE, REFRESH = "~add", "~remove", "~refresh"
STROKES, SIGNED = "~strokes", "~signed"
MAX_BYTES = 50 * 1024 * 1024
Raw = dict[str, list[str]]


class Keeps(Protocol):
    """Whatever keeps a file that was sent, or refuses it."""

    def put(self, content: bytes) -> str: ...


@dataclass(frozen=True, slots=True)
class Received:
    """What came. ``edited``: a button inside the form was pressed, so show the form again.

    ``problems``: files that were not taken; with any, show the form again too.
    """

    raw: Raw
    problems: tuple[Problem, ...] = ()
    edited: bool = False


def from_request(
    form: Form,
    typed: MultiDict[str, str],
    files: MultiDict[str, FileStorage],
    blobs: Keeps,
    max_bytes: int = MAX_BYTES,
) -> Received:
    """What ``engine.forms.submit`` reads. New files are in the blobs; a kept file is its JSON.

    Names that are no pointers (token, outcome, buttons) are left to the view.
    """
    kinds = _file_fields(form)
    raw = {
        name: _opened(values) if _plain(name) in kinds else list(values)
        for name, values in typed.lists()
        if name.startswith("/")
    }
    uploads = _Uploads(kinds, raw, blobs, max_bytes, open_text(typed.get(SIGNED, "")))
    for name in kinds:
        uploads.take_strokes(name, typed.get(STROKES + name, ""))
    for name, sent in files.lists():
        for upload in sent:
            uploads.take(name, upload)
    edited = any(button in typed for button in (ADD, REMOVE, REFRESH))
    for pointer in typed.getlist(REMOVE):
        _remove(form, raw, pointer)
    for pointer in typed.getlist(ADD):
        _add(form, raw, pointer)
    numbers = row_numbers(form, raw, keep_empty=edited)
    problems = [
        replace(p, pointer=renamed(form, p.pointer, numbers) or "") for p in uploads.problems
    ]
    return Received(compact(form, raw, keep_empty=edited), tuple(problems), edited)


def kept_files(form: Form, raw: Raw) -> list[dict[str, Any]]:
    """The files that stand in the file fields: each was uploaded through a page of this form."""
    fields = _file_fields(form)
    values = (value for name, held in raw.items() if _plain(name) in fields for value in held)
    return [told for told in map(file_of, values) if told]


def _file_fields(form: Form) -> dict[str, Field]:
    every = [f for one in form.fields.values() for f in (one, *one.columns)]
    return {f.pointer: f for f in every if f.kind in ("file", "files", "signature")}


def _plain(name: str) -> str:
    """The name of a field as the form file says it: a row's number is ``*``."""
    return "/".join("*" if part.isdigit() else part for part in name.split("/"))


def _opened(values: list[str]) -> list[str]:
    return [told for value in values if value and (told := open_file(value))]


class _Uploads:
    """Puts uploads in their places, or says why not; what was there before stays then."""

    def __init__(
        self, kinds: Mapping[str, Field], raw: Raw, blobs: Keeps, max_bytes: int, signed: str
    ) -> None:
        self.kinds, self.raw, self.blobs, self.max_bytes = kinds, raw, blobs, max_bytes
        self.signed = signed
        self.problems: list[Problem] = []

    def take(self, name: str, upload: FileStorage) -> None:
        shown = clean_name(upload.filename or "")
        if not shown or _plain(name) not in self.kinds:
            return
        signs = self.kinds[_plain(name)].kind == "signature"
        try:
            told = taken(upload, self.blobs, self.max_bytes, pictures_only=signs)
        except (Invalid, Failed) as refused:
            self.problems.append(Problem(name, refused.code, refused.params))
            return
        if signs:
            told |= {"how": "PAPER", "signed": self.signed}
        kept = self.raw.get(name, []) if self.kinds[_plain(name)].kind == "files" else []
        self.raw[name] = [*kept, json.dumps(told, ensure_ascii=False)]

    def take_strokes(self, name: str, strokes: str) -> None:
        """What was drawn on the pad becomes a picture of our own making."""
        if not strokes or name not in self.kinds or self.kinds[name].kind != "signature":
            return
        picture = drawn_signature(strokes)
        if picture is None:
            self.problems.append(Problem(name, "sign_unreadable"))
            return
        digest = self._kept(name, picture)
        if not digest:
            return
        told = {"digest": digest, "name": f"签名-{digest[:8]}.svg", "size": len(picture)}
        told |= {"type": "image/svg+xml", "how": "PAD", "signed": self.signed}
        self.raw[name] = [json.dumps(told, ensure_ascii=False)]

    def _kept(self, name: str, content: bytes) -> str:
        """Its digest; "" where the disk or the scanner would not take it, which its field then says."""
        try:
            return self.blobs.put(content)
        except (Invalid, Failed) as refused:
            self.problems.append(Problem(name, refused.code, {"name": "签名", **refused.params}))
            return ""


def taken(
    upload: FileStorage, keep: Keeps, max_bytes: int, pictures_only: bool = False
) -> dict[str, Any]:
    """A file that was sent, kept: {"digest", "name", "size", "type"}.

    Raises Invalid (upload_empty, _too_large, _type_refused, _type_lies, sign_photo_only) and what
    ``keep`` raises, with the file's name.
    """
    name = clean_name(upload.filename or "")
    content = upload.stream.read(max_bytes + 1)
    kind = type_of(content, name)
    code = _refusal(content, kind, name, max_bytes)
    if not code and pictures_only and not kind.startswith("image/"):
        code = "sign_photo_only"
    if code:
        raise Invalid(code, name=name, limit=size_of(max_bytes))
    try:
        digest = keep.put(content)
    except (Invalid, Failed) as refused:
        refused.params.setdefault("name", name)
        raise
    return {"digest": digest, "name": name, "size": len(content), "type": kind}


def _refusal(content: bytes, kind: str, name: str, max_bytes: int) -> str:
    if not content:
        return "upload_empty"
    if len(content) > max_bytes:
        return "upload_too_large"
    if not kind:
        return "upload_type_refused"
    return "" if fits_name(kind, name) else "upload_type_lies"


def _add(form: Form, raw: Raw, pointer: str) -> None:
    """A new, empty row behind the others: all its columns are there, with nothing in them."""
    rows = form.fields.get(pointer)
    if rows is not None and rows.kind == "rows":
        numbers = [number for where, number in row_numbers(form, raw, True) if where == pointer]
        new = max(numbers, default=-1) + 1
        raw.update({f"{pointer}/{new}/{column.name}": [""] for column in rows.columns})


def _remove(form: Form, raw: Raw, pointer: str) -> None:
    """A row, the file of a field, or one of its files by number."""
    whole, _, number = pointer.rpartition("/")
    held = form.fields.get(whole)
    if held is not None and held.kind == "files" and number.isdigit():
        raw[whole] = [v for n, v in enumerate(raw.get(whole, [])) if n != int(number)]
        return
    for name in [name for name in raw if name == pointer or name.startswith(f"{pointer}/")]:
        del raw[name]
