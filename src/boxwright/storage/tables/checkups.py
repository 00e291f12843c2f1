"""What pictures look like, found by looking a project through."""

from sqlalchemy import Column, Float, Index, Table

from boxwright.storage.tables.base import metadata, owner, text_column

checkups = Table(
    "checkups",
    metadata,
    owner("image_id", "images", primary_key=True),
    owner("project_id", "projects"),
    Column("sharpness", Float, nullable=False),
    Column("brightness", Float, nullable=False),
    # Fingerprints: 64 bits in hexadecimal, 16 x 16 grey values in base64.
    text_column("bits"),
    text_column("grey"),
    # Pictures that show the same have one name here.
    text_column("alike", nullable=True),
    text_column("error", nullable=True),
    Index("ix_checkups_sharpness", "project_id", "sharpness", "image_id"),
    Index("ix_checkups_brightness", "project_id", "brightness", "image_id"),
    Index("ix_checkups_alike", "project_id", "alike", "image_id"),
)
