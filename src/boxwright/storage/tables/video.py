"""Videos, their tracks, and the log of changes to them."""

import sqlalchemy as sa
from sqlalchemy import Column, Float, ForeignKey, Index, Integer, Table, UniqueConstraint

from boxwright.storage.tables.base import count, id_column, living, metadata, owner, text_column
from boxwright.storage.types import Json, Str

videos = Table(
    "videos",
    metadata,
    id_column(),
    owner("project_id", "projects"),
    text_column("name"),
    text_column("format"),
    # Sizes, counts and blobs are there once it is decoded; the blobs are the file itself and its frames.
    count("width"),
    count("height"),
    count("frames"),
    Column("fps", Float, nullable=False, server_default="0"),
    Column("duration", Float, nullable=False, server_default="0"),
    Column("bytes", sa.BigInteger, nullable=False),
    text_column("sha256", nullable=True),
    text_column("pack_sha256", nullable=True),
    # What is odd about the file.
    text_column("notes"),
    # The job that decodes it: its state is that of the video until there are frames.
    text_column("job_id", nullable=True),
    count("revision"),
    count("tracks"),
    text_column("created_at"),
    text_column("deleted_at", nullable=True),
    living("newest", "videos", "project_id", "id"),
    living("trash", "videos", "project_id", "deleted_at", "id", dead=True),
)

tracks = Table(
    "tracks",
    metadata,
    id_column(),
    owner("project_id", "projects"),
    owner("video_id", "videos"),
    Column("class_id", Str, ForeignKey("label_classes.id"), nullable=False),
    text_column("type"),
    Column("keyframes", Json, nullable=False),
    Column("z", Integer, nullable=False),
    Column("attributes", Json, nullable=False),
    text_column("source"),
    text_column("author_id", nullable=True),
    text_column("external_id", nullable=True),
    text_column("created_at"),
    text_column("updated_at"),
    text_column("deleted_at", nullable=True),
    living("video", "tracks", "video_id", "z", "id"),
    living("class", "tracks", "class_id", "video_id"),
)

track_log = Table(
    "track_log",
    metadata,
    id_column(),
    owner("project_id", "projects"),
    owner("video_id", "videos"),
    text_column("change_id"),
    Column("revision", Integer, nullable=False),
    text_column("author_id", nullable=True),
    text_column("created_at"),
    Column("changes", Json, nullable=False),
    UniqueConstraint("video_id", "change_id"),
    Index("ix_track_log_video", "video_id", "revision", "id"),
)
