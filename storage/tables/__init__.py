"""Every table: what is kept, under which key, and which index carries which list."""

from .apart import bars, substitutions
from .cases import (
    FREE,
    HELD,
    NAMED,
    NOBODY,
    OPEN,
    UNWALKED,
    cases,
    incidents,
    messages,
    receipts,
    tasks,
    waits,
)
from .copies import copies
from .dispatches import dispatches
from .dossiers import LINKED, attachments, documents, dossiers, parties, scans
from .drafts import draft_changes, draft_comments, draft_files, drafts, rehearsals
from .fields import metadata
from .inbox import saved_views
from .journal import (
    BEHALF,
    COMMON,
    CORRECTED,
    IN_ROLE,
    SOMEWHERE,
    UNCOMMON,
    VIEWED,
    contents,
    facts,
    journal,
    payload,
    publications,
    release_files,
    releases,
)
from .linking import agencies, letters, shared_dossiers
from .log import checkpoints, log_leaves, log_nodes, log_pending
from .papers import papers
from .people import (
    credentials,
    duty_posts,
    grants,
    handovers,
    organisations,
    people,
    sessions,
    shifts,
)
from .registers import records
from .retention import certificates, destroyed_files, destructions, doomed, holds
from .running import calendar_days, numbers, series, settings, workers
from .seals import seal_uses, seals
from .visiting import invitations, visits
from .walks import timed, walks, ways

__all__ = [
    "BEHALF",
    "COMMON",
    "CORRECTED",
    "FREE",
    "HELD",
    "IN_ROLE",
    "LINKED",
    "NAMED",
    "NOBODY",
    "OPEN",
    "SOMEWHERE",
    "UNCOMMON",
    "UNWALKED",
    "VIEWED",
    "agencies",
    "attachments",
    "bars",
    "calendar_days",
    "cases",
    "certificates",
    "checkpoints",
    "contents",
    "copies",
    "credentials",
    "destroyed_files",
    "destructions",
    "dispatches",
    "documents",
    "doomed",
    "dossiers",
    "draft_changes",
    "draft_comments",
    "draft_files",
    "drafts",
    "duty_posts",
    "facts",
    "grants",
    "handovers",
    "holds",
    "incidents",
    "invitations",
    "journal",
    "letters",
    "log_leaves",
    "log_nodes",
    "log_pending",
    "messages",
    "metadata",
    "numbers",
    "organisations",
    "papers",
    "parties",
    "payload",
    "people",
    "publications",
    "receipts",
    "records",
    "rehearsals",
    "release_files",
    "releases",
    "saved_views",
    "scans",
    "seal_uses",
    "seals",
    "series",
    "sessions",
    "settings",
    "shared_dossiers",
    "shifts",
    "substitutions",
    "tasks",
    "timed",
    "visits",
    "waits",
    "walks",
    "ways",
    "workers",
]
