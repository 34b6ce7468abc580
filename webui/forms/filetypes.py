"""What a file is, by its content; its name only decides between kinds that look the same."""

from __future__ import annotations

import io
import unicodedata
import zipfile
from pathlib import PurePosixPath

import filetype

ALLOWED = {
    "image/jpeg": ("jpg", "jpeg"),
    "image/png": ("png",),
    "image/bmp": ("bmp",),
    "image/tiff": ("tif", "tiff"),
    "image/webp": ("webp",),
    "image/heic": ("heic",),
    "application/pdf": ("pdf",),
    "application/ofd": ("ofd",),
    "application/msword": ("doc", "wps"),
    "application/vnd.ms-excel": ("xls", "et"),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ("docx",),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ("xlsx",),
    "text/plain": ("txt",),
    "text/csv": ("csv",),
    "audio/mpeg": ("mp3",),
    "audio/mp4": ("m4a",),
    "audio/x-wav": ("wav",),
    "audio/amr": ("amr",),
    "video/mp4": ("mp4",),
    "video/quicktime": ("mov",),
    "video/x-msvideo": ("avi",),
    "video/3gpp": ("3gp",),
}
"""Types a form takes, with the endings their names may have."""

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
PACKAGES = {
    "OFD.xml": "application/ofd",
    "word/document.xml": next(t for t in ALLOWED if t.endswith("wordprocessingml.document")),
    "xl/workbook.xml": next(t for t in ALLOWED if t.endswith("spreadsheetml.sheet")),
}
ACCEPT = ",".join(f".{ending}" for endings in ALLOWED.values() for ending in endings)
PICTURES = ",".join(f".{e}" for kind, ends in ALLOWED.items() if kind[:5] == "image" for e in ends)
MARKUP = (b"<!doctype", b"<html", b"<script", b"<svg", b"<?xml", b"<?php", b"#!")


def type_of(content: bytes, name: str) -> str:
    """The media type of the content, "" if it is none that a form takes."""
    ending = PurePosixPath(name).suffix.lower().lstrip(".")
    if content.startswith(OLE):
        return next((t for t in _ole_types() if ending in ALLOWED[t]), "")
    if content.startswith(b"PK\x03\x04"):
        return _package_type(content)
    found = filetype.guess(content)
    if found is not None:
        return str(found.mime) if found.mime in ALLOWED else ""
    return _text_type(content, ending)


def fits_name(media_type: str, name: str) -> bool:
    """Whether a file of this type may be called so."""
    ending = PurePosixPath(name).suffix.lower().lstrip(".")
    return ending in ALLOWED.get(media_type, ())


def clean_name(name: str) -> str:
    """The last part of a file name without control characters, at most 120 characters."""
    last = name.replace("\\", "/").rpartition("/")[2]
    shown = "".join(c for c in unicodedata.normalize("NFC", last) if c.isprintable()).strip(" .")
    stem, dot, ending = shown.rpartition(".")
    return f"{stem[:110]}{dot}{ending[:9]}" if dot else shown[:120]


def _ole_types() -> tuple[str, ...]:
    return ("application/msword", "application/vnd.ms-excel")


def _package_type(content: bytes) -> str:
    """Only the list of names is read, nothing is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            names = set(package.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return ""
    return next((kind for member, kind in PACKAGES.items() if member in names), "")


def _text_type(content: bytes, ending: str) -> str:
    if content[:512].lstrip().lower().startswith(MARKUP) or not _is_text(content):
        return ""
    return "text/csv" if ending == "csv" else "text/plain"


def _is_text(content: bytes) -> bool:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return not any(c < " " and c not in "\t\r\n\f" for c in text)
    return False
