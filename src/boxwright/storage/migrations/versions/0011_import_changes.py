"""What imports did to pictures, so that a whole one can be undone."""

import sqlalchemy as sa
from alembic import op

from boxwright.storage.types import Json, Str

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


# fmt: off
def upgrade() -> None:
    op.create_table("import_changes",
        sa.Column("job_id", Str, nullable=False),
        sa.Column("image_id", Str, nullable=False),
        sa.Column("before", Json(), nullable=True),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name=op.f("fk_import_changes_job_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["image_id"], ["images.id"], name=op.f("fk_import_changes_image_id"),
            ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("job_id", "image_id", name=op.f("pk_import_changes"))
    )
    op.create_index("ix_import_changes_image", "import_changes", ["image_id"])
# fmt: on
