"""The administration's blueprint, and the page that says how the product is."""

from __future__ import annotations

import platform
from datetime import timedelta
from importlib.metadata import version

from flask import Blueprint, render_template

from engine.access import may_administer
from storage import queries
from webui.auth import only
from webui.product import product, reading

views = Blueprint("admin", __name__, template_folder="templates", url_prefix="/admin")
LIBRARIES = ("liandiao", "SpiffWorkflow", "SQLAlchemy", "Flask", "APScheduler")
SILENT_AFTER = timedelta(minutes=2)


@views.get("/health")
@only(may_administer)
def health() -> str:
    """Database, workers with their lateness, what piles up, versions."""
    now = product().clock()
    found = queries.health(reading(), now)
    beating = any(now - worker.seen_at < SILENT_AFTER for worker in found.workers)
    versions = [
        ("Python", platform.python_version()),
        *((name, version(name)) for name in LIBRARIES),
    ]
    head = product().looking().last_checkpoint()
    return render_template(
        "admin/health.html", found=found, beating=beating, versions=versions, head=head
    )
