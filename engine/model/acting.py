"""Who acts, and on which published version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Data = dict[str, Any]
"""FEEL values by name: None, bool, Decimal, str, date, time, datetime, timedelta, Months, list, dict."""

Bilingual = Mapping[str, str]
"""``{"zh": ..., "en": ...}``."""


@dataclass(frozen=True, slots=True)
class Grant:
    """A role (code of rules.md 1) that a person holds in an organisation, maybe at a duty post.

    ``on_behalf``: the absent person whose role it is, when the actor stands in for them.
    """

    role: str
    org: str
    post: str = ""
    on_behalf: str = ""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something: a person with the grants valid now, maybe in another's place."""

    person: str
    name: str
    grants: tuple[Grant, ...] = ()
    on_behalf: str = ""  # person or party in whose place this is done
    address: str = ""  # network address, kept in the payload only
    through: str = ""  # how that party's word came (engine.behalf.CHANNELS), in the payload only

    @property
    def roles(self) -> frozenset[str]:
        return frozenset(grant.role for grant in self.grants)


SYSTEM = Actor("system", "system")


@dataclass(frozen=True, slots=True)
class Release:
    """One published, immutable version of a procedure: the closure of its files (conventions 4).

    ``files``: own files by relative name (``process.bpmn``, ``forms/register.json``), shared ones as
    ``shared/...``, called procedures as ``call/<procedure>/...``. ``digest`` names exactly these bytes.
    """

    procedure: str
    digest: str
    files: Mapping[str, bytes]
    version: int = 0

    def __hash__(self) -> int:
        """So that what is read out of a release can be kept under it."""
        return hash(self.digest)


@dataclass(frozen=True, slots=True)
class Facts:
    """A content-addressed snapshot of what lies outside a release and may change.

    ``calendars``: {"CN": {"off": [iso dates], "on": [make-up working days], "known_until": iso date}};
    ``settings``: FEEL values by setting id; ``registers``: what diagrams read, by register id.
    """

    digest: str
    calendars: Mapping[str, Any] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)
    registers: Mapping[str, Any] = field(default_factory=dict)
