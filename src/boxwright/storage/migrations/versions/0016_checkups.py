"""What pictures look like, found by looking a project through."""

import sqlalchemy as sa
from alembic import op

from boxwright.storage.types import Str

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


# fmt: off
def upgrade() -> None:
    op.create_table("checkups",
        sa.Column("image_id", Str, nullable=False),
        sa.Column("project_id", Str, nullable=False),
        sa.Column("sharpness", sa.Float(), nullable=False),
        sa.Column("brightness", sa.Float(), nullable=False),
        sa.Column("bits", Str, nullable=False),
        sa.Column("grey", Str, nullable=False),
        sa.Column("alike", Str, nullable=True),
        sa.Column("error", Str, nullable=True),
        sa.ForeignKeyConstraint(["image_id"], ["images.id"], name=op.f("fk_checkups_image_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name=op.f("fk_checkups_project_id"),
            ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("image_id", name=op.f("pk_checkups"))
    )
    for column in ("sharpness", "brightness", "alike"):
        op.create_index(f"ix_checkups_{column}", "checkups", ["project_id", column, "image_id"])
# fmt: on
