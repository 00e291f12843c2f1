"""Pictures in the order of how many objects they have."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_ALIVE = sa.text("deleted_at IS NULL")


def upgrade() -> None:
    columns = ["project_id", "annotations", "id"]
    op.create_index("ix_images_objects", "images", columns, sqlite_where=_ALIVE, postgresql_where=_ALIVE)
