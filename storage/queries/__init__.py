"""Reads for screens: few statements, access decided inside each list, nothing is ever written."""

from .cases import (
    CaseRow,
    EntryRow,
    HandOverRow,
    IncidentRow,
    case_row,
    dossier_cases,
    hand_overs,
    incidents,
    open_incident_count,
    recent_entries,
)
from .dossiers import (
    DossierRow,
    PartyRow,
    attachment,
    attachments,
    documents,
    dossier_row,
    dossiers,
    party_rows,
)
from .health import Health, health
from .people import (
    calendar_rows,
    colleagues,
    duty,
    grant_rows,
    organisation_rows,
    people_rows,
    person_row,
    setting_rows,
)
from .signin import SignedIn, nobody_yet, signed_in
from .tasks import Counts, Filter, TaskRow, counts, task_row, tasks
from .viewer import Viewer

__all__ = [
    "CaseRow",
    "Counts",
    "DossierRow",
    "EntryRow",
    "Filter",
    "HandOverRow",
    "Health",
    "IncidentRow",
    "PartyRow",
    "SignedIn",
    "TaskRow",
    "Viewer",
    "attachment",
    "attachments",
    "calendar_rows",
    "case_row",
    "colleagues",
    "counts",
    "documents",
    "dossier_cases",
    "dossier_row",
    "dossiers",
    "duty",
    "grant_rows",
    "hand_overs",
    "health",
    "incidents",
    "nobody_yet",
    "open_incident_count",
    "organisation_rows",
    "party_rows",
    "people_rows",
    "person_row",
    "recent_entries",
    "setting_rows",
    "signed_in",
    "task_row",
    "tasks",
]
