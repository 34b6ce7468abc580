"""By what the same person is found again in another dossier."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

from engine.identity import id_digest, name_digest
from engine.values import from_json

revision = "0011"
down_revision = "0010"

_DIGESTS = ("id_digest", "name_digest")


def upgrade() -> None:
    connection = op.get_bind()
    for name in _DIGESTS:
        op.execute(f"ALTER TABLE parties ADD COLUMN {name} TEXT DEFAULT '' NOT NULL")
        op.execute(f"CREATE INDEX ix_parties_{name} ON parties ({name})")
    for row in connection.execute(sa.text("SELECT id, name, detail FROM parties")).all():
        detail = from_json(json.loads(row.detail))
        told = {"id": row.id, "one": id_digest(detail), "two": name_digest(row.name, detail)}
        connection.execute(
            sa.text("UPDATE parties SET id_digest = :one, name_digest = :two WHERE id = :id"), told
        )
