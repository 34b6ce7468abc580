"""Two installations that are linked: a justice office that asks and a court that answers."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from werkzeug.serving import make_server

from engine.exchange.keys import public_text
from engine.model.linked import Agency
from engine.worker import Worker
from tests.builders import BEGIN, catch, end, event, message, process, release, start, throw, user
from tests.cast import ADMIN, CLERK, ORGANISATIONS, PEOPLE
from tests.webui.conftest import HASH
from webui import create_app
from webui.config import read_config
from webui.offices import key_of
from webui.wiring import build

FORM = b'{"schema": {"type": "object", "properties": {}}, "ui": {"order": [], "fields": {}}}'
FILES = {
    "forms/start.json": FORM,
    "forms/decide.json": FORM,
    "shared/rules.toml": b"",
}
NAMES = message("asked", '"K-1"', what='"邻里漏水"') + message("answered", '"K-1"', result='"同意"')
ASKING = process(
    "start -> ask -> hear -> end",
    start("start", ld_role="TRIB_CLERK"),
    throw("ask", event("message", "asked")),
    catch("hear", event("message", "answered")),
    id="asking",
    root=NAMES,
)
ANSWERING = process(
    "start -> decide -> tell",
    start("start", event("message", "asked"), ld_role="TRIB_CLERK"),
    user("decide", ld_role="TRIB_CLERK"),
    end("tell", event("message", "answered")),
    id="answering",
    root=NAMES,
)
HEARING = process(
    "start -> hear -> end",
    start("start", ld_role="TRIB_CLERK"),
    catch("hear", event("message", "asked")),
    id="hearing",
    root=NAMES,
)


@dataclass(slots=True)
class Office:
    """One installation: its code, the product, and its worker."""

    code: str
    built: object
    worker: Worker

    @property
    def key(self):
        return public_text(key_of(self.built.config))

    def work(self):
        """Do all that is due now."""
        return self.worker.work_due()

    def begin(self, procedure):
        return self.built.engine.begin(CLERK, procedure, {})

    def cases(self, procedure):
        with self.built.read() as db:
            rows = db.exec_driver_sql(f"SELECT id FROM cases WHERE procedure = '{procedure}'")
            return list(rows.scalars())

    def entries(self, stream):
        with self.built.open_store() as store:
            return [(entry.verb, entry.actor) for entry, _ in store.entries(stream)]

    def letters(self, code, state):
        with self.built.open_store() as store:
            return store.letters(code, state)


def settle(folder):
    """A data folder with the county in it."""
    built = build(read_config({"LIANDIAO_DATA": str(folder)}), lambda: BEGIN)
    built.engine.bring_people(ORGANISATIONS, PEOPLE.values(), HASH)
    built.database.close()


def installed(folder, code, clock, *diagrams):
    """An installation over such a folder, with these procedures published."""
    config = read_config({"LIANDIAO_DATA": str(folder), "LIANDIAO_OFFICE": code})
    built = build(config, clock)
    with built.open_store() as store:
        for xml in diagrams:
            store.add_release(release(xml, FILES), "designer", "designer2", BEGIN)
    return Office(code, built, Worker(built.engine, built.open_store, clock))


def link(office, other, gives, takes, address="", **more):
    """Enter ``other`` in the register of ``office``."""
    told = {"valid_from": BEGIN - timedelta(days=1), **more}
    keys = told.pop("keys", (other.key,))
    agency = Agency(
        other.code, other.code, CLERK.grants[0].org, keys, gives, takes, address=address, **told
    )
    return office.built.engine.link_agency(ADMIN, agency, "联网")


@contextmanager
def served(office):
    """The installation on a real local socket; its address."""
    server = make_server("127.0.0.1", 0, create_app(built=office.built), threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=[0.01], daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
