"""What images look like to a network, by project."""

from sqlalchemy import Column, Integer, Table

from boxwright.storage.tables.base import metadata, owner, text_column

image_maps = Table(
    "image_maps",
    metadata,
    owner("project_id", "projects", primary_key=True),
    # None is the network that is there without a model.
    text_column("model_id", nullable=True),
    text_column("model_name"),
    # What the vectors are of: only those of the same network are compared.
    text_column("network"),
    Column("images", Integer, nullable=False),
    # The file of vectors and places.
    text_column("sha256"),
    text_column("made_at"),
)
