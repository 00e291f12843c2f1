"""Evaluations keep a quality report."""

import sqlalchemy as sa
from alembic import op

from boxwright.storage.types import Str

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("evaluations", sa.Column("report_sha256", Str, nullable=True))
