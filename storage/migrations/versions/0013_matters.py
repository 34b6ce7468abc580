"""By what the same facts are found again in another dossier; earlier dossiers are not looked through."""

from __future__ import annotations

from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    for name in ("matter", "police_no"):
        op.execute(f"ALTER TABLE dossiers ADD COLUMN {name} TEXT DEFAULT '' NOT NULL")
        op.execute(f"CREATE INDEX ix_dossiers_{name} ON dossiers ({name})")
