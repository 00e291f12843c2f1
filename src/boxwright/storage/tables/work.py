"""What is made of pictures: versions, models, jobs, prediction runs."""

import sqlalchemy as sa
from sqlalchemy import Column, Float, Index, Integer, Table, UniqueConstraint

from boxwright.storage.tables.base import count, id_column, metadata, owner, text_column
from boxwright.storage.types import Json, Str

dataset_versions = Table(
    "dataset_versions",
    metadata,
    id_column(),
    owner("project_id", "projects"),
    text_column("name"),
    text_column("content_hash"),
    text_column("manifest_sha256"),
    count("images"),
    count("annotations"),
    count("train"),
    count("val"),
    count("test"),
    text_column("created_at"),
    text_column("created_by", nullable=True),
    UniqueConstraint("project_id", "content_hash"),
)

models = Table(
    "models",
    metadata,
    id_column(),
    owner("project_id", "projects"),
    text_column("name"),
    text_column("architecture"),
    text_column("task"),
    Column("card", Json, nullable=False),
    text_column("version_id", nullable=True),
    text_column("job_id", nullable=True),
    text_column("parent_id", nullable=True),
    text_column("onnx_sha256"),
    Column("onnx_bytes", sa.BigInteger, nullable=False),
    text_column("weights_sha256", nullable=True),
    text_column("serving", nullable=True),
    Column("val", Json),
    Column("test", Json),
    text_column("created_at"),
    text_column("deleted_at", nullable=True),
    Index("ix_models_project", "project_id", "id"),
)

model_variants = Table(
    "model_variants",
    metadata,
    owner("model_id", "models", primary_key=True),
    Column("precision", Str, primary_key=True),
    text_column("onnx_sha256", nullable=True),
    Column("onnx_bytes", sa.BigInteger),
    Column("milliseconds", Float),
    Column("metrics", Json),
    text_column("error", nullable=True),
    text_column("split"),
    text_column("job_id", nullable=True),
    text_column("created_at"),
)

starting_weights = Table(
    "starting_weights",
    metadata,
    id_column(),
    text_column("name"),
    text_column("model_type"),
    text_column("task"),
    text_column("architecture"),
    text_column("source"),
    text_column("licence"),
    text_column("sha256"),
    Column("bytes", sa.BigInteger, nullable=False),
    text_column("created_at"),
)

evaluations = Table(
    "evaluations",
    metadata,
    id_column(),
    owner("project_id", "projects"),
    owner("model_id", "models"),
    text_column("version_id", nullable=True),
    text_column("job_id", nullable=True),
    text_column("split"),
    Column("metrics", Json, nullable=False),
    text_column("created_at"),
    text_column("report_sha256", nullable=True),
    Index("ix_evaluations_model", "model_id", "id"),
)

jobs = Table(
    "jobs",
    metadata,
    id_column(),
    text_column("kind"),
    owner("project_id", "projects", nullable=True),
    text_column("state"),
    text_column("stopping"),
    text_column("title"),
    text_column("phase"),
    Column("done", Float, nullable=False),
    Column("total", Float, nullable=False),
    Column("seconds_left", Float),
    Column("attempt", Integer, nullable=False),
    Column("params", Json, nullable=False),
    Column("result", Json),
    text_column("error_code", nullable=True),
    text_column("error", nullable=True),
    text_column("created_by", nullable=True),
    text_column("created_at"),
    text_column("started_at", nullable=True),
    text_column("finished_at", nullable=True),
    text_column("heartbeat_at", nullable=True),
    Index("ix_jobs_project", "project_id", "id"),
    Index("ix_jobs_state", "state", "id"),
)

job_metrics = Table(
    "job_metrics",
    metadata,
    owner("job_id", "jobs", primary_key=True),
    Column("step", Integer, primary_key=True, autoincrement=False),
    Column("name", Str, primary_key=True),
    Column("value", Float, nullable=False),
)

job_logs = Table(
    "job_logs",
    metadata,
    owner("job_id", "jobs", primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    text_column("level"),
    text_column("message"),
    text_column("created_at"),
)

prediction_runs = Table(
    "prediction_runs",
    metadata,
    id_column(),
    owner("project_id", "projects"),
    text_column("model_id"),
    text_column("model_name"),
    text_column("job_id", nullable=True),
    text_column("name"),
    Column("score_threshold", Float, nullable=False),
    Column("iou_threshold", Float, nullable=False),
    count("images"),
    count("done"),
    count("failed"),
    text_column("created_at"),
    text_column("created_by", nullable=True),
    Index("ix_prediction_runs_project", "project_id", "id"),
)

run_images = Table(
    "run_images",
    metadata,
    id_column(),
    owner("run_id", "prediction_runs"),
    Column("position", Integer, nullable=False),
    text_column("name"),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("orientation", Integer, nullable=False),
    text_column("sha256"),
    text_column("image_id", nullable=True),
    Column("detections", Json),
    Column("max_score", Float),
    text_column("error", nullable=True),
    UniqueConstraint("run_id", "position"),
    Index("ix_run_images_sha256", "sha256"),
)
