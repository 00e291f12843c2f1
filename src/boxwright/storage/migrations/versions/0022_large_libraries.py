"""Indexes that find the few pictures of a rare filter, and counts of each split that are kept."""

import sqlalchemy as sa
from alembic import op

from boxwright.storage.types import Str

revision = "0022"
down_revision = "0019"
branch_labels = None
depends_on = None

_ALIVE = "deleted_at IS NULL"
_COUNTED = """
INSERT INTO split_counts (project_id, split, images, unlabeled, annotations, proposals, to_review, trash, turnover)
SELECT project_id, split,
    SUM(CASE WHEN deleted_at IS NULL THEN 1 ELSE 0 END),
    SUM(CASE WHEN deleted_at IS NULL THEN 1 - todo ELSE 0 END),
    SUM(CASE WHEN deleted_at IS NULL THEN annotations ELSE 0 END),
    SUM(CASE WHEN deleted_at IS NULL THEN proposals ELSE 0 END),
    SUM(CASE WHEN deleted_at IS NULL AND proposals > 0 THEN 1 ELSE 0 END),
    SUM(CASE WHEN deleted_at IS NULL THEN 0 ELSE 1 END), 1
FROM images GROUP BY project_id, split
"""
_LOWEST = """
UPDATE images SET lowest_score = COALESCE(
    (SELECT MIN(score) FROM annotations
     WHERE image_id = images.id AND state = 'proposal' AND deleted_at IS NULL), 2
) WHERE proposals > 0
"""


def _index(name: str, *columns: str, where: str = "") -> None:
    on = sa.text(f"{where} AND {_ALIVE}" if where else _ALIVE)
    op.create_index(f"ix_images_{name}", "images", ["project_id", *columns], sqlite_where=on, postgresql_where=on)


# fmt: off
def upgrade() -> None:
    numbers = ("images", "unlabeled", "annotations", "proposals", "to_review", "trash", "turnover")
    op.create_table("split_counts",
        sa.Column("project_id", Str, nullable=False),
        sa.Column("split", Str, nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False, server_default="0") for name in numbers),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name=op.f("fk_split_counts_project_id"),
            ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("project_id", "split", name=op.f("pk_split_counts"))
    )
    op.execute(_COUNTED)
    op.add_column("images", sa.Column("lowest_score", sa.Float(), nullable=False, server_default="2"))
    op.add_column("images", sa.Column("pixels", sa.BigInteger(), nullable=False, server_default="0"))
    op.execute("UPDATE images SET pixels = CAST(width AS BIGINT) * height")
    op.execute(_LOWEST)
    op.drop_index("ix_images_proposals", "images")
    _index("proposals", "lowest_score", "name_nfc", where="proposals > 0")
    _index("added", "created_at", "id")
    _index("pixels", "pixels", "id")
    _index("empty", "name_nfc", where="state = 'empty'")
    _index("video", "video_id", "frame_index", where="video_id IS NOT NULL")
    op.drop_index("ix_annotations_image", "annotations")
    columns = ["image_id", "set_id", "class_id", "state", "source", "score", "area"]
    on = sa.text(_ALIVE)
    op.create_index("ix_annotations_image", "annotations", columns, sqlite_where=on, postgresql_where=on)
    op.create_index("ix_comments_project", "comments", ["project_id", "resolved_at", "image_id"])
# fmt: on
