"""Labels that are likely wrong, and what a person said to each."""

from sqlalchemy import Boolean, Column, Float, Index, Table

from boxwright.storage.tables.base import id_column, metadata, owner, text_column
from boxwright.storage.types import Json

suspicions = Table(
    "suspicions",
    metadata,
    id_column(),
    owner("project_id", "projects"),
    owner("image_id", "images"),
    text_column("kind"),
    text_column("state"),
    Column("score", Float, nullable=False),
    Column("confidence", Float, nullable=False),
    Column("iou", Float, nullable=False),
    owner("class_id", "label_classes"),
    owner("other_id", "label_classes", nullable=True),
    # The annotation, and when it had been changed last: after another change nothing is said about it any more.
    text_column("annotation_id", nullable=True),
    text_column("annotation_at", nullable=True),
    # The shape of the detection, and its middle.
    Column("suggestion", Json),
    Column("x", Float),
    Column("y", Float),
    Column("seen", Boolean),
    text_column("model_id"),
    text_column("checked_at"),
    text_column("decided_at", nullable=True),
    text_column("decided_by", nullable=True),
    # What accepting it changed, so that it can be taken back: the annotation before and after.
    Column("before", Json),
    Column("after", Json),
    Index("ix_suspicions_queue", "project_id", "state", "score", "id"),
    Index("ix_suspicions_image", "image_id", "state"),
    Index("ix_suspicions_class", "class_id"),
    Index("ix_suspicions_other", "other_id"),
)
