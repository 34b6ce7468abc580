"""Column types: clean text, UTC times, plain JSON and FEEL values, the same on both databases."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import DateTime, Dialect, Text, TypeDecorator
from sqlalchemy.types import TypeEngine

from engine.errors import Failed, Invalid
from engine.journal import rfc3339
from engine.values import from_json, read_json, write_json, write_value

END_OF_TIME = datetime(9999, 12, 31, tzinfo=UTC)
"""What sorts last; and how a damaged time in the journal reads, so that the chain names the entry."""


def _storable(value: str | None) -> str | None:
    if value is not None and "\x00" in value:
        raise Invalid("text_unstorable")
    return value


class Line(TypeDecorator[str]):
    """Text without null characters, which PostgreSQL cannot keep; raises Invalid (text_unstorable)."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return _storable(value)

    def bind_processor(self, dialect: Dialect) -> Callable[[str | None], str | None]:
        """The same without a detour: most of what is stored are lines."""
        return _storable


def _instant(value: datetime | None) -> datetime | None:
    if value is None or value.tzinfo is UTC:
        return value
    if value.tzinfo is None:
        raise ValueError(f"{value} has no time zone")
    return value.astimezone(UTC)


def _written_instant(value: datetime | None) -> str | None:
    instant = _instant(value)
    return None if instant is None else _text_of(instant)


_text_of = lru_cache(maxsize=256)(rfc3339)
"""One instant is written into many columns of a transaction."""


class Utc(TypeDecorator[datetime]):
    """An aware UTC instant: ``timestamptz`` on PostgreSQL, sortable RFC 3339 text on SQLite.

    ``lenient``: damaged text reads as END_OF_TIME instead of raising Failed (row_damaged).
    """

    impl = DateTime
    cache_ok = True

    def __init__(self, lenient: bool = False) -> None:
        super().__init__()
        self.lenient = lenient

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(DateTime(timezone=True))
        return dialect.type_descriptor(Text())

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        return self.bind_processor(dialect)(value)

    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], Any]:
        return _instant if dialect.name == "postgresql" else _written_instant

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        return self._read(value)

    def result_processor(self, dialect: Dialect, coltype: Any) -> Callable[[Any], datetime | None]:
        return self._read

    def _read(self, value: Any) -> datetime | None:
        if value is None:
            return None
        if isinstance(value, datetime):
            return value.astimezone(UTC)
        try:
            return datetime.fromisoformat(value).astimezone(UTC)
        except (ValueError, TypeError) as error:
            if self.lenient:
                return END_OF_TIME
            raise Failed("row_damaged", permanent=True, found=str(value)[:80]) from error


_EMPTY: dict[type, str] = {dict: "{}", list: "[]"}


class Plain(TypeDecorator[Any]):
    """Plain JSON as text: a null character stays an escape, which jsonb would refuse.

    ``lenient``: damaged text reads as ``{"damaged": text}`` instead of raising Failed (row_damaged).
    """

    impl = Text
    cache_ok = True

    def __init__(self, lenient: bool = False) -> None:
        super().__init__()
        self.lenient = lenient

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return self._bound(value)

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], str | None]:
        return self._bound

    def _bound(self, value: Any) -> str | None:
        if value is None:
            return None
        empty = None if value else _EMPTY.get(type(value))  # as most of them are most of the time
        return empty or self._written(value).decode()

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        return self._found(value)

    def result_processor(self, dialect: Dialect, coltype: Any) -> Callable[[Any], Any]:
        return self._found

    def _found(self, value: Any) -> Any:
        if value is None:
            return None
        try:
            return self._read(read_json(value))
        except (ValueError, TypeError, Invalid) as error:
            if self.lenient:
                return {"damaged": str(value)}
            raise Failed("row_damaged", permanent=True, found=str(value)[:80]) from error

    def _written(self, value: Any) -> bytes:
        return write_json(value)

    def _read(self, plain: Any) -> Any:
        return plain


class Values(Plain):
    """FEEL values through the one codec of ``engine.values``."""

    cache_ok = True

    def _written(self, value: Any) -> bytes:
        return write_value(value)

    def _read(self, plain: Any) -> Any:
        return from_json(plain)
