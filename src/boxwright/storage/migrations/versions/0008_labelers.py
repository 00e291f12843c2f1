"""Pictures that are labelled twice: who labels them, each in a set of annotations."""

import sqlalchemy as sa
from alembic import op

from boxwright.storage.types import Str

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


# fmt: off
def upgrade() -> None:
    op.create_table("labelers",
        sa.Column("image_id", Str, nullable=False),
        sa.Column("user_id", Str, nullable=False),
        sa.Column("project_id", Str, nullable=False),
        sa.Column("set_id", Str, nullable=False),
        sa.Column("submitted_at", Str, nullable=True),
        sa.ForeignKeyConstraint(["image_id"], ["images.id"], name=op.f("fk_labelers_image_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_labelers_user_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name=op.f("fk_labelers_project_id"),
            ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["set_id"], ["annotation_sets.id"], name=op.f("fk_labelers_set_id"),
            ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("image_id", "user_id", name=op.f("pk_labelers"))
    )
    op.create_index("ix_labelers_user", "labelers", ["project_id", "user_id"])
# fmt: on
