"""What images look like to a network: a file of vectors by project."""

import sqlalchemy as sa
from alembic import op

from boxwright.storage.types import Str

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


# fmt: off
def upgrade() -> None:
    op.create_table("image_maps",
        sa.Column("project_id", Str, nullable=False),
        sa.Column("model_id", Str, nullable=True),
        sa.Column("model_name", Str, nullable=False),
        sa.Column("network", Str, nullable=False),
        sa.Column("images", sa.Integer(), nullable=False),
        sa.Column("sha256", Str, nullable=False),
        sa.Column("made_at", Str, nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name=op.f("fk_image_maps_project_id"),
            ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("project_id", name=op.f("pk_image_maps"))
    )
# fmt: on
