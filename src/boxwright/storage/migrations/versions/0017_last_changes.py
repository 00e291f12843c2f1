"""When a picture was last changed: for what changed since a version, and for an order."""

import sqlalchemy as sa
from alembic import op

from boxwright.storage.types import Str

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_ALIVE = sa.text("deleted_at IS NULL")
_FROM_THE_LOG = """
UPDATE images SET changed_at = COALESCE(
    (SELECT MAX(change_log.created_at) FROM change_log WHERE change_log.image_id = images.id), created_at
)
"""


def upgrade() -> None:
    op.add_column("images", sa.Column("changed_at", Str, nullable=False, server_default=""))
    # Other changes than those of annotations have left no trace.
    op.execute(_FROM_THE_LOG)
    columns = ["project_id", "changed_at", "id"]
    op.create_index("ix_images_changed", "images", columns, sqlite_where=_ALIVE, postgresql_where=_ALIVE)
