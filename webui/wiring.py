"""The composition root: settings become store, blobs, engine. The only place that builds a store."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from pathlib import Path
from typing import Any

from engine.commands import Engine
from engine.facts import build_facts
from engine.model import Facts
from engine.package import read_package
from engine.ports import Blobs, ServiceHandler, Store
from engine.proofs.auditing import Look
from engine.services.case_numbers import CourtSystem, case_number
from engine.services.delivery import Mail, Platform
from engine.services.fonts import FontStack
from engine.services.posting import Post
from engine.services.scanning import Clamd, no_scanner
from engine.services.typesetting import Letters
from storage.blobs import FolderBlobs
from storage.queue import JobQueue, ThreadQueue
from storage.s3 import Bucket, S3Blobs
from storage.schema import check, migrate
from storage.sql import Database, SqlStore

from .config import Config
from .offices import key_of
from .product import Built
from .registers import SHARED
from .seals import seals_of


def handlers(config: Config, clock: Callable[[], datetime]) -> Mapping[str, ServiceHandler]:
    """What is done outside, by operation; numbers and documents are the engine's own."""
    key = partial(key_of, config)
    window = config.link_window
    found: dict[str, ServiceHandler] = {
        "messages.post": Post(config.office, key, clock, window),
    }
    if config.smtp:
        sender = (config.smtp_from, clock, config.smtp_user, config.smtp_password)
        found["delivery.email"] = Mail(config.smtp, *sender)
    if config.platform:
        found["delivery.platform"] = Platform(config.platform, key, clock)
    if config.clamd:
        found["files.scan"] = Clamd(config.clamd, config.scan_required)
    elif config.scan_required:
        found["files.scan"] = no_scanner
    if config.court_system:
        court = CourtSystem(config.court_system, config.court_key, key, clock, window)
        found["court.number"] = case_number(court)
    return found


def build(
    config: Config,
    clock: Callable[[], datetime] | None = None,
    outside: Mapping[str, ServiceHandler] | None = None,
) -> Built:
    """Everything over a data folder, migrated to this version, ready for commands and pages.

    ``outside``: who does what is done outside, instead of ``handlers``.
    """
    clock = clock or _utc_now
    config.data.mkdir(parents=True, exist_ok=True)
    migrate(config.database_url)
    queue = ThreadQueue() if config.is_sqlite else JobQueue(config.database_url)
    database = Database(config.database_url, clock, queue)
    blobs = blobs_of(config)
    engine = Engine(database.open, clock, outside or handlers(config, clock), blobs)
    engine.letters = Letters(FontStack(config.fonts))
    engine.seals = seals_of(config, clock)
    engine.shelf = SHARED
    engine.ship_facts(shipped_facts())

    def looking(connection: Any) -> SqlStore:
        return SqlStore(connection, clock, timedelta(0))

    return Built(
        config, engine, database.open, database.read, blobs, clock, looking, database, queue
    )


@cache
def shipped_facts() -> Facts:
    """The facts that come with the product, read once."""
    return build_facts(SHARED)


def blobs_of(config: Config) -> Blobs:
    """Where files lie: the data folder, or a bucket that several machines share."""
    if not config.blobs:
        return FolderBlobs(config.data / "blobs")
    name, _, folder = config.blobs.partition("/")
    at = (config.s3_endpoint, config.s3_key, config.s3_secret, config.s3_region)
    return S3Blobs(Bucket(name, folder, *at))


def reader(config: Config) -> Look:
    """Opens stores over a data folder to look into: each one short reading, nothing is written.

    Raises Conflict (schema_older, schema_newer).
    """
    database = Database(config.database_url, _utc_now)
    check(database.engine)

    @contextmanager
    def look() -> Iterator[Store]:
        with database.read() as connection:
            yield SqlStore(connection, _utc_now, timedelta(0))

    return look


def bundled(folder: Path = SHARED.parent) -> dict[str, Mapping[str, bytes]]:
    """The procedures that come with the product, by name."""
    return {path.parent.name: read_package(path.parent) for path in folder.glob("*/process.bpmn")}


def _utc_now() -> datetime:
    return datetime.now(UTC)
