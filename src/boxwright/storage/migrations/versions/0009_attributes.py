"""Attributes that objects of a class have, or those of all classes of a project."""

import sqlalchemy as sa
from alembic import op

from boxwright.storage.types import Json

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("projects", "label_classes"):
        op.add_column(table, sa.Column("attributes", Json(), server_default="[]", nullable=False))
