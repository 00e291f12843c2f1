"""Comments pinned to a spot of a picture."""

import sqlalchemy as sa
from alembic import op

from boxwright.storage.types import Str

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


# fmt: off
def upgrade() -> None:
    op.create_table("comments",
        sa.Column("id", Str, nullable=False),
        sa.Column("project_id", Str, nullable=False),
        sa.Column("image_id", Str, nullable=False),
        sa.Column("text", Str, nullable=False),
        sa.Column("x", sa.Float(), nullable=True),
        sa.Column("y", sa.Float(), nullable=True),
        sa.Column("annotation_id", Str, nullable=True),
        sa.Column("author_id", Str, nullable=True),
        sa.Column("created_at", Str, nullable=False),
        sa.Column("resolved_at", Str, nullable=True),
        sa.Column("resolved_by", Str, nullable=True),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name=op.f("fk_comments_project_id"),
            ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["image_id"], ["images.id"], name=op.f("fk_comments_image_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comments"))
    )
    op.create_index("ix_comments_image", "comments", ["image_id", "created_at", "id"])
# fmt: on
