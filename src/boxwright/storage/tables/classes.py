"""Changes of classes, so that each can be taken back."""

from sqlalchemy import Column, Index, Table

from boxwright.storage.tables.base import count, id_column, metadata, owner, text_column
from boxwright.storage.types import Json

class_changes = Table(
    "class_changes",
    metadata,
    id_column(),
    owner("project_id", "projects"),
    text_column("created_at"),
    text_column("created_by", nullable=True),
    text_column("kind"),
    # Names of the classes, of the one that took their objects, of what changed: for people, who may rename them.
    Column("told", Json, nullable=False),
    # What it takes to take it back, beside the objects.
    Column("memory", Json, nullable=False),
    count("objects"),
    count("images"),
    count("tracks"),
    count("kept"),
    text_column("undoes", nullable=True),
    Index("ix_class_changes_project", "project_id", "id"),
)

# The objects that a change touched on an image in a set: ids by the class they had, and the attributes they lost by id.
class_moves = Table(
    "class_moves",
    metadata,
    owner("change_id", "class_changes", primary_key=True),
    owner("image_id", "images", primary_key=True),
    owner("set_id", "annotation_sets", primary_key=True),
    Column("before", Json, nullable=False),
    Index("ix_class_moves_image", "image_id"),
)
