"""Pictures by reference: where their bytes lie."""

import sqlalchemy as sa
from alembic import op

from boxwright.storage.types import Str

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "originals",
        sa.Column("sha256", Str, primary_key=True),
        sa.Column("address", Str, nullable=False),
        sa.Column("bytes", sa.BigInteger, nullable=False),
        sa.Column("etag", Str, nullable=False),
        sa.Column("modified", Str, nullable=False),
        sa.Column("created_at", Str, nullable=False),
    )
