"""Pretrained weights that trainings start from."""

import sqlalchemy as sa
from alembic import op

from boxwright.storage.types import Str

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "starting_weights",
        sa.Column("id", Str, nullable=False),
        sa.Column("name", Str, nullable=False),
        sa.Column("model_type", Str, nullable=False),
        sa.Column("task", Str, nullable=False),
        sa.Column("architecture", Str, nullable=False),
        sa.Column("source", Str, nullable=False),
        sa.Column("licence", Str, nullable=False),
        sa.Column("sha256", Str, nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("created_at", Str, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_starting_weights")),
    )
