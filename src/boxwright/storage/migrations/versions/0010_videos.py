"""Videos, their tracks, and the log of changes to them."""

import sqlalchemy as sa
from alembic import op

from boxwright.storage.types import Json, Str

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


# fmt: off
def upgrade() -> None:
    alive, dead = sa.text("deleted_at IS NULL"), sa.text("deleted_at IS NOT NULL")
    op.create_table("videos",
        sa.Column("id", Str, nullable=False),
        sa.Column("project_id", Str, nullable=False),
        sa.Column("name", Str, nullable=False),
        sa.Column("format", Str, nullable=False),
        sa.Column("width", sa.Integer(), server_default="0", nullable=False),
        sa.Column("height", sa.Integer(), server_default="0", nullable=False),
        sa.Column("frames", sa.Integer(), server_default="0", nullable=False),
        sa.Column("fps", sa.Float(), server_default="0", nullable=False),
        sa.Column("duration", sa.Float(), server_default="0", nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("sha256", Str, nullable=True),
        sa.Column("pack_sha256", Str, nullable=True),
        sa.Column("notes", Str, nullable=False),
        sa.Column("job_id", Str, nullable=True),
        sa.Column("revision", sa.Integer(), server_default="0", nullable=False),
        sa.Column("tracks", sa.Integer(), server_default="0", nullable=False),
        sa.Column("created_at", Str, nullable=False),
        sa.Column("deleted_at", Str, nullable=True),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name=op.f("fk_videos_project_id"),
            ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_videos"))
    )
    op.create_index("ix_videos_newest", "videos", ["project_id", "id"],
        sqlite_where=alive, postgresql_where=alive)
    op.create_index("ix_videos_trash", "videos", ["project_id", "deleted_at", "id"],
        sqlite_where=dead, postgresql_where=dead)
    op.create_table("tracks",
        sa.Column("id", Str, nullable=False),
        sa.Column("project_id", Str, nullable=False),
        sa.Column("video_id", Str, nullable=False),
        sa.Column("class_id", Str, nullable=False),
        sa.Column("type", Str, nullable=False),
        sa.Column("keyframes", Json(), nullable=False),
        sa.Column("z", sa.Integer(), nullable=False),
        sa.Column("attributes", Json(), nullable=False),
        sa.Column("source", Str, nullable=False),
        sa.Column("author_id", Str, nullable=True),
        sa.Column("external_id", Str, nullable=True),
        sa.Column("created_at", Str, nullable=False),
        sa.Column("updated_at", Str, nullable=False),
        sa.Column("deleted_at", Str, nullable=True),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name=op.f("fk_tracks_project_id"),
            ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["video_id"], ["videos.id"], name=op.f("fk_tracks_video_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["class_id"], ["label_classes.id"], name=op.f("fk_tracks_class_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tracks"))
    )
    op.create_index("ix_tracks_video", "tracks", ["video_id", "z", "id"],
        sqlite_where=alive, postgresql_where=alive)
    op.create_index("ix_tracks_class", "tracks", ["class_id", "video_id"],
        sqlite_where=alive, postgresql_where=alive)
    op.create_table("track_log",
        sa.Column("id", Str, nullable=False),
        sa.Column("project_id", Str, nullable=False),
        sa.Column("video_id", Str, nullable=False),
        sa.Column("change_id", Str, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("author_id", Str, nullable=True),
        sa.Column("created_at", Str, nullable=False),
        sa.Column("changes", Json(), nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], name=op.f("fk_track_log_project_id"),
            ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["video_id"], ["videos.id"], name=op.f("fk_track_log_video_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_track_log")),
        sa.UniqueConstraint("video_id", "change_id", name=op.f("uq_track_log_video_id"))
    )
    op.create_index("ix_track_log_video", "track_log", ["video_id", "revision", "id"])
# fmt: on
