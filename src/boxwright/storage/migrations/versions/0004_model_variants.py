"""Models in fewer bits, and which of them predicts."""

import sqlalchemy as sa
from alembic import op

from boxwright.storage.types import Json, Str

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("models", sa.Column("serving", Str, nullable=True))
    op.create_table(
        "model_variants",
        sa.Column("model_id", Str, sa.ForeignKey("models.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("precision", Str, primary_key=True),
        sa.Column("onnx_sha256", Str, nullable=True),
        sa.Column("onnx_bytes", sa.BigInteger, nullable=True),
        sa.Column("milliseconds", sa.Float, nullable=True),
        sa.Column("metrics", Json, nullable=True),
        sa.Column("error", Str, nullable=True),
        sa.Column("split", Str, nullable=False),
        sa.Column("job_id", Str, nullable=True),
        sa.Column("created_at", Str, nullable=False),
    )
