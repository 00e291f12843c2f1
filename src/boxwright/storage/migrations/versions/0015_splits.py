"""Changes of the splits of many pictures at once, so that each can be taken back."""

import sqlalchemy as sa
from alembic import op

from boxwright.storage.types import Json, Str

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


# fmt: off
def upgrade() -> None:
    op.create_table("split_changes",
        sa.Column("id", Str, nullable=False),
        sa.Column("project_id", Str, nullable=False),
        sa.Column("created_at", Str, nullable=False),
        sa.Column("created_by", Str, nullable=True),
        sa.Column("moved", sa.Integer(), nullable=False),
        sa.Column("plan", Json(), nullable=True),
        sa.Column("undoes", Str, nullable=True),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name=op.f("fk_split_changes_project_id"),
            ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_split_changes"))
    )
    op.create_index("ix_split_changes_project", "split_changes", ["project_id", "id"])
    op.create_table("split_moves",
        sa.Column("change_id", Str, nullable=False),
        sa.Column("image_id", Str, nullable=False),
        sa.Column("before", Str, nullable=False),
        sa.Column("after", Str, nullable=False),
        sa.ForeignKeyConstraint(["change_id"], ["split_changes.id"], name=op.f("fk_split_moves_change_id"),
            ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["image_id"], ["images.id"], name=op.f("fk_split_moves_image_id"),
            ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("change_id", "image_id", name=op.f("pk_split_moves"))
    )
    op.create_index("ix_split_moves_image", "split_moves", ["image_id"])
# fmt: on
