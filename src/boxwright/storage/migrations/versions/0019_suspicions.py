"""Labels that are likely wrong, because a model disagrees with them."""

import sqlalchemy as sa
from alembic import op

from boxwright.storage.types import Json, Str

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


# fmt: off
def upgrade() -> None:
    op.create_table("suspicions",
        sa.Column("id", Str, nullable=False),
        sa.Column("project_id", Str, nullable=False),
        sa.Column("image_id", Str, nullable=False),
        sa.Column("kind", Str, nullable=False),
        sa.Column("state", Str, nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("iou", sa.Float(), nullable=False),
        sa.Column("class_id", Str, nullable=False),
        sa.Column("other_id", Str, nullable=True),
        sa.Column("annotation_id", Str, nullable=True),
        sa.Column("annotation_at", Str, nullable=True),
        sa.Column("suggestion", Json, nullable=True),
        sa.Column("x", sa.Float(), nullable=True),
        sa.Column("y", sa.Float(), nullable=True),
        sa.Column("seen", sa.Boolean(), nullable=True),
        sa.Column("model_id", Str, nullable=False),
        sa.Column("checked_at", Str, nullable=False),
        sa.Column("decided_at", Str, nullable=True),
        sa.Column("decided_by", Str, nullable=True),
        sa.Column("before", Json, nullable=True),
        sa.Column("after", Json, nullable=True),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name=op.f("fk_suspicions_project_id"),
            ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["image_id"], ["images.id"], name=op.f("fk_suspicions_image_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["class_id"], ["label_classes.id"], name=op.f("fk_suspicions_class_id"),
            ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["other_id"], ["label_classes.id"], name=op.f("fk_suspicions_other_id"),
            ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suspicions"))
    )
    op.create_index("ix_suspicions_queue", "suspicions", ["project_id", "state", "score", "id"])
    op.create_index("ix_suspicions_image", "suspicions", ["image_id", "state"])
    op.create_index("ix_suspicions_class", "suspicions", ["class_id"])
    op.create_index("ix_suspicions_other", "suspicions", ["other_id"])
# fmt: on
