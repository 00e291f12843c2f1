"""Changes of the splits of many pictures at once, so that each can be taken back."""

from sqlalchemy import Column, Index, Integer, Table

from boxwright.storage.tables.base import id_column, metadata, owner, text_column
from boxwright.storage.types import Json

split_changes = Table(
    "split_changes",
    metadata,
    id_column(),
    owner("project_id", "projects"),
    text_column("created_at"),
    text_column("created_by", nullable=True),
    Column("moved", Integer, nullable=False),
    # How the pictures were dealt out, or the change that this one takes back.
    Column("plan", Json),
    text_column("undoes", nullable=True),
    Index("ix_split_changes_project", "project_id", "id"),
)

split_moves = Table(
    "split_moves",
    metadata,
    owner("change_id", "split_changes", primary_key=True),
    owner("image_id", "images", primary_key=True),
    text_column("before"),
    text_column("after"),
    Index("ix_split_moves_image", "image_id"),
)
