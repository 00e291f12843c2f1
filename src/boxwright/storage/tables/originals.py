"""Where the bytes of pictures lie that are not copied."""

import sqlalchemy as sa
from sqlalchemy import Column, Table

from boxwright.storage.tables.base import metadata, text_column
from boxwright.storage.types import Str

originals = Table(
    "originals",
    metadata,
    Column("sha256", Str, primary_key=True),
    text_column("address"),
    Column("bytes", sa.BigInteger, nullable=False),
    text_column("etag"),
    text_column("modified"),
    text_column("created_at"),
)
