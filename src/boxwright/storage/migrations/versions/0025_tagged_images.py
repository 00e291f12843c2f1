"""Indexes of the images that have tags, and of those that have metadata."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name, where in (("tagged", "tags <> '[]'"), ("described", "metadata <> '{}'")):
        on = sa.text(f"{where} AND deleted_at IS NULL")
        columns = ["project_id", "name_nfc"]
        op.create_index(f"ix_images_{name}", "images", columns, sqlite_where=on, postgresql_where=on)
