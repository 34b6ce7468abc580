"""A procedure's files as one value: the closure that a release is made of, and its digest."""

from __future__ import annotations

import hashlib
import io
import stat
import unicodedata
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path, PurePosixPath

import rfc8785

from .diagram import Diagram, read_diagram
from .errors import Invalid, NotFound

DIAGRAM = "process.bpmn"
SHARED = "shared"
CALLED = "call"
EXPRESSIVE = (".bpmn", ".dmn", ".json")  # files that hold expressions
FOREIGN = (SHARED, CALLED)  # what of a closure lies in other folders
SKIPPED = (".", "~", "__")  # how names begin that no procedure's file has
Called = Callable[[str], Mapping[str, bytes]]
MAX_NAME = 200
STAMP = (1980, 1, 1, 0, 0, 0)
UNIX = 3
MAX_FILES = 1_000
MAX_FILE_BYTES = 10_000_000
MAX_TOTAL_BYTES = 50_000_000


def read_package(path: Path) -> Mapping[str, bytes]:
    """The closure of a procedure (conventions 4), names sorted.

    From a folder: its own files by relative name, the shared files it names from the sibling folder
    ``shared`` as ``shared/...``, and the files of procedures it calls as ``call/<procedure>/...``.
    From a zip: its entries, which bear these very names. Raises NotFound when nothing is there,
    Invalid for links, unsafe names and what exceeds the limits.
    """
    if path.is_dir():
        return _bounded(_closure(path))
    if path.is_file():
        return read_zip(path.read_bytes())
    raise NotFound("package_missing", name=path.name)


def close_package(
    procedure: str, own: Mapping[str, bytes], called: Called, shelf: Path | None
) -> Mapping[str, bytes]:
    """The closure of a procedure that is nowhere in a folder: a draft.

    ``called``: a procedure's own files, none for one that is not there; ``shelf``: the folder
    ``shared``. Raises Invalid as ``read_package`` does.
    """

    def read(name: str) -> Mapping[str, bytes]:
        return own if name == procedure else called(name)

    return _bounded(_closed(procedure, read, shelf))


def own_files(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Of a closure what lies in the procedure's own folder."""
    return {
        name: content for name, content in files.items() if name.partition("/")[0] not in FOREIGN
    }


def is_own_name(name: str) -> bool:
    """Whether a file of a procedure's own folder may be called this."""
    parts = PurePosixPath(name).parts
    return (
        _is_safe(name, parts)
        and name == "/".join(parts) == unicodedata.normalize("NFC", name)
        and len(name) <= MAX_NAME
        and parts[0] not in FOREIGN
        and not any(part.startswith(SKIPPED) for part in parts)
    )


def digest(files: Mapping[str, bytes]) -> str:
    """Lower-case hex SHA-256 over the RFC 8785 JSON of ``{name: hex SHA-256 of the bytes}``."""
    sums = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    return hashlib.sha256(rfc8785.dumps(sums)).hexdigest()


def read_zip(content: bytes) -> Mapping[str, bytes]:
    """The files of an exported procedure; one folder around them all is taken off."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _unwrapped(_bounded(_entries(archive)))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError):
        raise Invalid("package_zip_broken") from None


def write_zip(folder: str, files: Mapping[str, bytes]) -> bytes:
    """A zip of the files in a folder of that name; the same files give the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in sorted(files):
            info = zipfile.ZipInfo(f"{folder}/{name}", STAMP)
            info.create_system, info.external_attr = UNIX, 0o644 << 16
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, files[name])
    return buffer.getvalue()


def called_name(procedure: str, name: str = DIAGRAM) -> str:
    """Where a called procedure's file stands in the closure."""
    return f"{CALLED}/{procedure}/{name}"


# Folders -----------------------------------------------------------------------------------


def _closure(folder: Path) -> Iterator[tuple[str, bytes]]:
    resolved = folder.resolve()

    def beside(procedure: str) -> Mapping[str, bytes]:
        return dict(_own(resolved.parent / procedure))

    return _closed(resolved.name, beside, resolved.parent / SHARED)


def _closed(procedure: str, read: Called, shelf: Path | None) -> Iterator[tuple[str, bytes]]:
    waiting, seen = [procedure], {procedure}
    shared: dict[str, bytes] = {}
    while waiting:
        name = waiting.pop()
        own = read(name)
        prefix = "" if name == procedure else called_name(name, "")
        yield from ((prefix + file, content) for file, content in own.items())
        diagram = _diagram(own)
        if diagram is None:
            continue
        if shelf:
            shared |= _shared(shelf, diagram, own)
        for called in sorted({node.called for node in diagram.nodes.values()} - {""} - seen):
            seen.add(called)
            if _is_plain(called):
                waiting.append(called)
    yield from shared.items()


def _own(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if any(part.startswith(SKIPPED) for part in name.split("/")):
            continue
        if path.is_symlink():
            raise Invalid("package_link", name=name)
        if path.is_file():
            yield name, _read(path, name)


def _read(path: Path, name: str) -> bytes:
    size = path.stat().st_size
    if size > MAX_FILE_BYTES:
        raise Invalid("package_file_large", name=name, most=MAX_FILE_BYTES // 10**6)
    return path.read_bytes()


def _diagram(own: Mapping[str, bytes]) -> Diagram | None:
    """None where it cannot be read: saying why is the checks' business, not the closure's."""
    try:
        return read_diagram(own[DIAGRAM])
    except (KeyError, Invalid):
        return None


def _shared(folder: Path, diagram: Diagram, own: Mapping[str, bytes]) -> dict[str, bytes]:
    found = {}
    for name in sorted({*_named(diagram, own), *_layouts(folder, own)}):
        path = folder / name
        if path.is_file() and not path.is_symlink():
            found[f"{SHARED}/{name}"] = _read(path, name)
    return found


def _named(diagram: Diagram, own: Mapping[str, bytes]) -> Iterator[str]:
    """Names below ``shared`` that a procedure's files speak of."""
    nodes = diagram.nodes.values()
    if any(lane.role for lane in diagram.lanes.values()):
        yield "roles.toml"
    if any(node.clocks or any(event.clock for event in node.events) for node in nodes):
        yield from ("rules.toml", "sources.toml")
    if any(node.cited for node in nodes):
        yield from ("sources.toml", "clauses.toml")
    if any(name.startswith("forms/") and b"types.json" in own[name] for name in own):
        yield "types.json"
    if any(b"settings." in content for name, content in own.items() if name.endswith(EXPRESSIVE)):
        yield "settings.toml"
    for decision in {node.decision for node in nodes} - {""}:
        if f"{decision}.dmn" not in own and _is_plain(decision):
            yield f"{decision}.dmn"


def _layouts(folder: Path, own: Mapping[str, bytes]) -> Iterator[str]:
    """The layouts of letters, all of them where a procedure has letters of its own."""
    if any(name.startswith("letters/") for name in own):
        yield from (path.relative_to(folder).as_posix() for path in folder.glob("letters/*"))


def _is_plain(name: str) -> bool:
    return "/" not in name and "\\" not in name and not name.startswith(".")


# Zips and limits ---------------------------------------------------------------------------


def _entries(archive: zipfile.ZipFile) -> Iterator[tuple[str, bytes]]:
    for info in archive.infolist():
        if info.is_dir():
            continue
        if stat.S_ISLNK(info.external_attr >> 16):
            raise Invalid("package_link", name=info.filename)
        if info.file_size > MAX_FILE_BYTES:
            raise Invalid("package_file_large", name=info.filename, most=MAX_FILE_BYTES // 10**6)
        with archive.open(info) as entry:
            yield info.filename, entry.read(MAX_FILE_BYTES + 1)


def _bounded(found: Iterator[tuple[str, bytes]]) -> Mapping[str, bytes]:
    files: dict[str, bytes] = {}
    total = 0
    for raw, content in found:
        name = unicodedata.normalize("NFC", raw)
        parts = PurePosixPath(name).parts
        if not _is_safe(name, parts) or name in files:
            raise Invalid("package_name", name=raw[:200])
        total += len(content)
        if len(content) > MAX_FILE_BYTES:
            raise Invalid("package_file_large", name=name, most=MAX_FILE_BYTES // 10**6)
        if len(files) >= MAX_FILES or total > MAX_TOTAL_BYTES:
            raise Invalid("package_large", files=MAX_FILES, most=MAX_TOTAL_BYTES // 10**6)
        files[name] = content
    return dict(sorted(files.items()))


def _is_safe(name: str, parts: tuple[str, ...]) -> bool:
    return (
        bool(parts)
        and name.isprintable()
        and not name.startswith("/")
        and "\\" not in name
        and ":" not in name
        and ".." not in parts
    )


def _unwrapped(files: Mapping[str, bytes]) -> Mapping[str, bytes]:
    tops = {name.partition("/")[0] for name in files}
    if DIAGRAM in files or len(tops) != 1:
        return files
    top = tops.pop()
    return {name.removeprefix(f"{top}/"): content for name, content in files.items()}
