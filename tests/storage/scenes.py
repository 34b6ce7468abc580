"""A small procedure in a store, and what became of its cases."""

from __future__ import annotations

import json

from engine.model import Facts
from tests.builders import BEGIN, release
from tests.cast import CLERK, ORGANISATIONS

START_FORM = json.dumps(
    {"schema": {"type": "object", "properties": {}}, "ui": {"order": [], "fields": {}}}
)


def publish(open_store, xml: bytes, forms: dict[str, bytes] | None = None):
    """The procedure ``p`` drawn by ``xml``, started by anybody's clerk."""
    xml = xml.replace(b'<startEvent id="start"', b'<startEvent id="start" ld:role="TRIB_CLERK"')
    files = {"forms/start.json": START_FORM.encode(), "shared/rules.toml": b"", **(forms or {})}
    with open_store() as store:
        store.add_facts(
            Facts("facts-0", {"CN": {"off": [], "on": [], "known_until": "2030-12-31"}}), BEGIN
        )
        for organisation in ORGANISATIONS:
            store.save_organisation(organisation)
        return store.add_release(release(xml, files), "designer", "designer2", BEGIN)


def begin_case(engine, open_store, xml: bytes) -> str:
    """The id of a case of that procedure, just begun."""
    publish(open_store, xml)
    return engine.begin(CLERK, "p", {}).id


def verbs_of(open_store, case_id: str) -> list[str]:
    with open_store() as store:
        return [entry.verb for entry, _ in store.entries(f"case:{case_id}")]
