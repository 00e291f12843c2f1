"""Accounts leave a trail, proposals know the run they came from. One line a column: `# fmt: off`."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from boxwright.storage.types import Json, Str

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def _where(condition: str) -> dict[str, Any]:
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


_ALIVE = _where("deleted_at IS NULL")
_WITH_RUN = _where("run_id IS NOT NULL")
_TO_REVIEW = _where("proposals > 0 AND deleted_at IS NULL")


# fmt: off
def upgrade() -> None:
    op.add_column("users", sa.Column("name_fold", Str, server_default="", nullable=False))
    # The first schema knew one user, `local`; other rows can only come from scripts.
    op.execute("UPDATE users SET name_fold = lower(name)")
    op.create_index("ix_users_name_fold", "users", ["name_fold"], unique=True)
    op.add_column("sessions", sa.Column("address", Str, nullable=True))
    op.add_column("sessions", sa.Column("agent", Str, nullable=True))
    op.create_table("audit_log",
        sa.Column("id", Str, nullable=False),
        sa.Column("created_at", Str, nullable=False),
        sa.Column("user_id", Str, nullable=True),
        sa.Column("user_name", Str, nullable=False),
        sa.Column("address", Str, nullable=True),
        sa.Column("action", Str, nullable=False),
        sa.Column("project_id", Str, nullable=True),
        sa.Column("subject", Str, nullable=True),
        sa.Column("detail", Json(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_log"))
    )
    op.create_index("ix_audit_log_project", "audit_log", ["project_id", "id"])
    op.add_column("annotations", sa.Column("run_id", Str, nullable=True))
    op.create_index("ix_annotations_run", "annotations", ["run_id"], **_WITH_RUN)
    op.drop_index("ix_annotations_image", "annotations")
    op.create_index("ix_annotations_image", "annotations", ["image_id", "set_id", "class_id", "state"], **_ALIVE)
    op.add_column("change_log", sa.Column("run_id", Str, nullable=True))
    op.create_index("ix_change_log_run", "change_log", ["run_id", "image_id"], **_WITH_RUN)
    op.add_column("images", sa.Column("proposals", sa.Integer(), server_default="0", nullable=False))
    op.create_index("ix_images_proposals", "images", ["project_id", "name_nfc"], **_TO_REVIEW)
# fmt: on
