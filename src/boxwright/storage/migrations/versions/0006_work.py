"""Who works on which picture, and how far it is."""

import sqlalchemy as sa
from alembic import op

from boxwright.storage.types import Str

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


# fmt: off
def upgrade() -> None:
    op.add_column("projects", sa.Column("workflow", Str, server_default="auto", nullable=False))
    op.add_column("images", sa.Column("assignee_id", Str, nullable=True))
    op.add_column("images", sa.Column("work_state", Str, server_default="new", nullable=False))
    op.add_column("images", sa.Column("work_revision", sa.Integer(), server_default="0", nullable=False))
    alive = sa.text("deleted_at IS NULL")
    op.create_index("ix_images_work", "images", ["project_id", "work_state", "assignee_id", "name_nfc"],
        sqlite_where=alive, postgresql_where=alive)
    op.create_table("work_log",
        sa.Column("id", Str, nullable=False),
        sa.Column("project_id", Str, nullable=False),
        sa.Column("image_id", Str, nullable=False),
        sa.Column("change_id", Str, nullable=False),
        sa.Column("step", Str, nullable=False),
        sa.Column("state", Str, nullable=False),
        sa.Column("assignee_id", Str, nullable=True),
        sa.Column("author_id", Str, nullable=True),
        sa.Column("note", Str, nullable=False),
        sa.Column("created_at", Str, nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name=op.f("fk_work_log_project_id"),
            ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["image_id"], ["images.id"], name=op.f("fk_work_log_image_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_log")),
        sa.UniqueConstraint("image_id", "change_id", name=op.f("uq_work_log_image_id"))
    )
    op.create_index("ix_work_log_image", "work_log", ["image_id", "id"])
# fmt: on
