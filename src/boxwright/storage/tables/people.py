"""People, what they bring along, and the installation itself."""

import sqlalchemy as sa
from sqlalchemy import Boolean, Column, Index, Integer, Table

from boxwright.storage.tables.base import id_column, metadata, owner, text_column
from boxwright.storage.types import Json, Str

meta = Table("meta", metadata, Column("key", Str, primary_key=True), text_column("value"))

users = Table(
    "users",
    metadata,
    id_column(),
    text_column("name", unique=True),
    # Names are compared without regard to case. The default is for rows older than the column.
    Column("name_fold", Str, nullable=False, server_default=""),
    Column("admin", Boolean, nullable=False),
    text_column("password_hash", nullable=True),
    text_column("created_at"),
    text_column("disabled_at", nullable=True),
    Index("ix_users_name_fold", "name_fold", unique=True),
)

sessions = Table(
    "sessions",
    metadata,
    id_column(),
    text_column("secret_hash", unique=True),
    owner("user_id", "users"),
    text_column("created_at"),
    text_column("expires_at"),
    text_column("address", nullable=True),
    text_column("agent", nullable=True),
)

tokens = Table(
    "tokens",
    metadata,
    id_column(),
    text_column("secret_hash", unique=True),
    owner("user_id", "users"),
    text_column("name"),
    text_column("created_at"),
    text_column("expires_at", nullable=True),
    text_column("last_used_at", nullable=True),
    text_column("revoked_at", nullable=True),
)

uploads = Table(
    "uploads",
    metadata,
    id_column(),
    owner("user_id", "users"),
    text_column("name"),
    Column("size", sa.BigInteger, nullable=False),
    Column("received", sa.BigInteger, nullable=False),
    text_column("created_at"),
    text_column("updated_at"),
)

answers = Table(
    "answers",
    metadata,
    Column("key", Str, primary_key=True),
    # NULL while the request is still at work.
    Column("status", Integer),
    Column("body", sa.LargeBinary),
    text_column("media_type", nullable=True),
    text_column("created_at"),
    Index("ix_answers_created", "created_at"),
)

audit_log = Table(
    "audit_log",
    metadata,
    id_column(),
    text_column("created_at"),
    # The name stays readable when the user is gone; no foreign keys: the trail outlives what it speaks of.
    text_column("user_id", nullable=True),
    text_column("user_name"),
    text_column("address", nullable=True),
    text_column("action"),
    text_column("project_id", nullable=True),
    text_column("subject", nullable=True),
    Column("detail", Json, nullable=False),
    Index("ix_audit_log_project", "project_id", "id"),
)
