"""The few kinds of columns that all tables are made of."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Boolean, Column, ForeignKey, Integer, MetaData, text

from storage.columns import Line, Plain, Utc, Values

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def key(name: str = "id") -> Column[str]:
    return Column(name, Line, primary_key=True)


def word(name: str) -> Column[str]:
    """Text that is never null: "" means there is none."""
    return Column(name, Line, nullable=False, server_default="")


def refers(target: str, name: str) -> Column[str]:
    return Column(name, Line, ForeignKey(target), nullable=False)


def at(name: str) -> Column[Any]:
    return Column(name, Utc, nullable=False)


def maybe_at(name: str) -> Column[Any]:
    return Column(name, Utc)


def count(name: str) -> Column[int]:
    return Column(name, Integer, nullable=False, server_default="0")


def flag(name: str, default: bool) -> Column[bool]:
    return Column(
        name, Boolean, nullable=False, server_default=text("true" if default else "false")
    )


def plain(name: str, default: str = "{}") -> Column[Any]:
    return Column(name, Plain, nullable=False, server_default=default)


def values(name: str, default: str = "{}") -> Column[Any]:
    """FEEL values."""
    return Column(name, Values, nullable=False, server_default=default)
