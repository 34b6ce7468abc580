"""Names without a place to break, as long as the forms take them: no page is wider than its screen."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta

import pytest

from engine.story import VirtualClock
from tests.cast import CLERK, ORGANISATIONS, PEOPLE
from tests.journeys.conftest import HASH, served
from webui.config import read_config
from webui.wiring import build, bundled

NAME = "Wolfeschlegelsteinhausenbergerdorff"
PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
FILE = hashlib.sha256(PDF).hexdigest()
TABS = ("progress", "cases", "documents", "parties", "clocks", "readers")


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """A dossier whose parties and file have very long names: (folder, dossier, case)."""
    config = read_config({"LIANDIAO_DATA": str(tmp_path_factory.mktemp("long"))})
    built = build(config, VirtualClock(datetime.now(UTC) - timedelta(days=2)))
    files = bundled()
    built.engine.install({name: files[name] for name in ("mediation", "video_session")})
    built.engine.bring_people(ORGANISATIONS, PEOPLE.values(), HASH)
    start = json.loads(files["mediation"]["scenarios/m1_refused_at_once.json"])["start"]["data"]
    case = built.engine.begin(CLERK, "mediation", lengthened(start))
    kept = {"digest": built.blobs.put(PDF), "name": f"{NAME * 5}.pdf", "type": "application/pdf"}
    built.engine.add_file(CLERK, case.dossier, {**kept, "size": len(PDF), "scan": ""})
    built.database.close()
    return config, case


def lengthened(told):
    """Names of a hundred letters, and such a title."""
    if isinstance(told, list):
        return [lengthened(one) for one in told]
    if isinstance(told, dict):
        long = {"name": (NAME * 3)[:100], "/dispute/title": (NAME * 6)[:100]}
        return {key: long.get(key) or lengthened(one) for key, one in told.items()}
    return told


@pytest.fixture(scope="module")
def site(told):
    with served(told[0]) as address:
        yield address


@pytest.mark.parametrize("width", [1366, 390])
def test_no_page_is_wider_than_its_screen(visitor, told, width):
    _, case = told
    clerk, dossier = visitor("clerk", width=width), f"/dossiers/{case.dossier}"
    pages = ["/inbox?tab=available", "/dossiers", f"{dossier}/files/{FILE}/about"]
    pages += [f"/cases/{case.id}", *(f"{dossier}?tab={tab}" for tab in TABS)]
    assert [path for path in pages if not clerk.open(path).fits()] == []
