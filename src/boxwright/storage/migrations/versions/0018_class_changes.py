"""Classes merged, split and deleted, so that each change can be taken back."""

import sqlalchemy as sa
from alembic import op

from boxwright.storage.types import Json, Str

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


# fmt: off
def upgrade() -> None:
    op.add_column("label_classes", sa.Column("merged_into", Str, nullable=True))
    op.create_table("class_changes",
        sa.Column("id", Str, nullable=False),
        sa.Column("project_id", Str, nullable=False),
        sa.Column("created_at", Str, nullable=False),
        sa.Column("created_by", Str, nullable=True),
        sa.Column("kind", Str, nullable=False),
        sa.Column("told", Json(), nullable=False),
        sa.Column("memory", Json(), nullable=False),
        sa.Column("objects", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("images", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("tracks", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("kept", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("undoes", Str, nullable=True),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name=op.f("fk_class_changes_project_id"),
            ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_class_changes"))
    )
    op.create_index("ix_class_changes_project", "class_changes", ["project_id", "id"])
    op.create_table("class_moves",
        sa.Column("change_id", Str, nullable=False),
        sa.Column("image_id", Str, nullable=False),
        sa.Column("set_id", Str, nullable=False),
        sa.Column("before", Json(), nullable=False),
        sa.ForeignKeyConstraint(["change_id"], ["class_changes.id"], name=op.f("fk_class_moves_change_id"),
            ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["image_id"], ["images.id"], name=op.f("fk_class_moves_image_id"),
            ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["set_id"], ["annotation_sets.id"], name=op.f("fk_class_moves_set_id"),
            ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("change_id", "image_id", "set_id", name=op.f("pk_class_moves"))
    )
    op.create_index("ix_class_moves_image", "class_moves", ["image_id"])
# fmt: on
