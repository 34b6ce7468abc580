"""What a database refuses, said in the families of the engine's errors."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import exc

from engine.errors import Conflict, EngineError, Failed, Invalid

_RACES = frozenset({"40001", "40P01", "55P03"})
"""PostgreSQL: serialization failure, deadlock, lock not available."""

_GUARDS = (
    ("append-only", "append_only"),
    ("certificate refused", "certificate_refused"),
    ("needs a certificate", "delete_needs_certificate"),
    ("dossier destroyed", "dossier_destroyed"),
)
"""What triggers say, and the codes of it."""

_NUMBERED = ("journal", "publications", "releases", "numbers", "seal_uses")
"""Tables in which two at once want the same next number: the second tries again."""

_FAILURES = (
    (("disk is full", "No space left", "53100"), "disk_full"),
    (("malformed", "not a database", "XX001", "XX002"), "database_damaged"),
    (("locked", "busy"), "database_busy"),
    (("readonly", "read-only"), "database_readonly"),
)


@contextmanager
def refusals() -> Iterator[None]:
    """Turn what SQLAlchemy raises into Conflict, Invalid or Failed; the transaction is lost with it."""
    try:
        yield
    except exc.IntegrityError as error:
        raise _integrity(error) from error
    except exc.DBAPIError as error:
        raise _database(error) from error
    except exc.StatementError as error:
        if isinstance(error.orig, EngineError):
            raise error.orig from error
        if isinstance(error.orig, UnicodeError):
            raise Invalid("text_unstorable") from error
        raise
    except UnicodeEncodeError as error:
        raise Invalid("text_unstorable") from error


def _integrity(error: exc.IntegrityError) -> Conflict:
    said = str(error.orig)
    if guarded := _guarded(said):
        return guarded
    if any(table in said for table in _NUMBERED):
        return Conflict("lost_race")
    return Conflict("already_there", said=said.splitlines()[0])


def _guarded(said: str) -> Conflict | None:
    return next((Conflict(code) for sign, code in _GUARDS if sign in said), None)


def _database(error: exc.DBAPIError) -> EngineError:
    said = f"{getattr(error.orig, 'sqlstate', '') or ''} {error.orig}".strip()
    if said[:5] in _RACES:
        return Conflict("lost_race")
    if guarded := _guarded(said):
        return guarded
    if isinstance(error, exc.DataError):
        return Invalid("text_unstorable")
    for signs, code in _FAILURES:
        if any(sign in said for sign in signs):
            return Failed(code, permanent=code == "database_damaged", said=said.splitlines()[0])
    return Failed("database_failed", said=said.splitlines()[0])
