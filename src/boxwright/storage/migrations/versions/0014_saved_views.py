"""Views of the library under a name."""

import sqlalchemy as sa
from alembic import op

from boxwright.storage.types import Json, Str

revision = "0014"
down_revision = "0012"
branch_labels = None
depends_on = None


# fmt: off
def upgrade() -> None:
    op.create_table("saved_views",
        sa.Column("id", Str, nullable=False),
        sa.Column("project_id", Str, nullable=False),
        sa.Column("name", Str, nullable=False),
        sa.Column("name_nfc", Str, nullable=False),
        sa.Column("query", Json(), nullable=False),
        sa.Column("author_id", Str, nullable=True),
        sa.Column("created_at", Str, nullable=False),
        sa.Column("updated_at", Str, nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name=op.f("fk_saved_views_project_id"),
            ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_views")),
        sa.UniqueConstraint("project_id", "name_nfc", name=op.f("uq_saved_views_project_id"))
    )
# fmt: on
