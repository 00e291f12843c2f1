"""The first schema. One line a column: `# fmt: off`."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from boxwright.storage.types import Json, Str

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def _owned(table: str, column: str, owner: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{owner}.id"], name=f"fk_{table}_{column}", ondelete="CASCADE")


def _where(condition: str) -> dict[str, Any]:
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


_ALIVE = _where("deleted_at IS NULL")
_DEAD = _where("deleted_at IS NOT NULL")
_DEFAULT = _where("kind = 'ground_truth'")
_SOURCE = ["project_id", "set_id", "source", "state", "score"]


# fmt: off
def upgrade() -> None:
    op.create_table("meta",
        sa.Column("key", Str, nullable=False),
        sa.Column("value", Str, nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_meta"))
    )
    op.create_table("projects",
        sa.Column("id", Str, nullable=False),
        sa.Column("name", Str, nullable=False),
        sa.Column("name_nfc", Str, nullable=False),
        sa.Column("name_fold", Str, nullable=False),
        sa.Column("description", Str, nullable=False),
        sa.Column("cover_image_id", Str, nullable=True),
        sa.Column("created_at", Str, nullable=False),
        sa.Column("updated_at", Str, nullable=False),
        sa.Column("deleted_at", Str, nullable=True),
        sa.Column("images", sa.Integer(), server_default="0", nullable=False),
        sa.Column("labeled", sa.Integer(), server_default="0", nullable=False),
        sa.Column("annotations", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_projects"))
    )
    op.create_index("ix_projects_name", "projects", ["name_nfc"], unique=True, **_ALIVE)
    op.create_index("ix_projects_updated", "projects", ["updated_at", "id"])
    op.create_table("users",
        sa.Column("id", Str, nullable=False),
        sa.Column("name", Str, nullable=False),
        sa.Column("admin", sa.Boolean(), nullable=False),
        sa.Column("password_hash", Str, nullable=True),
        sa.Column("created_at", Str, nullable=False),
        sa.Column("disabled_at", Str, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("name", name=op.f("uq_users_name"))
    )
    op.create_table("annotation_sets",
        sa.Column("id", Str, nullable=False),
        sa.Column("project_id", Str, nullable=False),
        sa.Column("kind", Str, nullable=False),
        sa.Column("name", Str, nullable=False),
        sa.Column("user_id", Str, nullable=True),
        sa.Column("model_id", Str, nullable=True),
        sa.Column("created_at", Str, nullable=False),
        _owned("annotation_sets", "project_id", "projects"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_annotation_sets"))
    )
    op.create_index("ix_annotation_sets_default", "annotation_sets", ["project_id"], unique=True, **_DEFAULT)
    op.create_table("dataset_versions",
        sa.Column("id", Str, nullable=False),
        sa.Column("project_id", Str, nullable=False),
        sa.Column("name", Str, nullable=False),
        sa.Column("content_hash", Str, nullable=False),
        sa.Column("manifest_sha256", Str, nullable=False),
        sa.Column("images", sa.Integer(), server_default="0", nullable=False),
        sa.Column("annotations", sa.Integer(), server_default="0", nullable=False),
        sa.Column("train", sa.Integer(), server_default="0", nullable=False),
        sa.Column("val", sa.Integer(), server_default="0", nullable=False),
        sa.Column("test", sa.Integer(), server_default="0", nullable=False),
        sa.Column("created_at", Str, nullable=False),
        sa.Column("created_by", Str, nullable=True),
        _owned("dataset_versions", "project_id", "projects"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dataset_versions")),
        sa.UniqueConstraint("project_id", "content_hash", name=op.f("uq_dataset_versions_project_id"))
    )
    op.create_table("images",
        sa.Column("id", Str, nullable=False),
        sa.Column("project_id", Str, nullable=False),
        sa.Column("name", Str, nullable=False),
        sa.Column("name_nfc", Str, nullable=False),
        sa.Column("name_fold", Str, nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("orientation", sa.Integer(), nullable=False),
        sa.Column("format", Str, nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("sha256", Str, nullable=False),
        sa.Column("split", Str, nullable=False),
        sa.Column("state", Str, nullable=False),
        sa.Column("todo", sa.Integer(), nullable=False),
        sa.Column("annotations", sa.Integer(), server_default="0", nullable=False),
        sa.Column("revision", sa.Integer(), server_default="0", nullable=False),
        sa.Column("created_at", Str, nullable=False),
        sa.Column("deleted_at", Str, nullable=True),
        sa.Column("tags", Json(), nullable=False),
        sa.Column("metadata", Json(), nullable=False),
        sa.Column("video_id", Str, nullable=True),
        sa.Column("frame_index", sa.Integer(), nullable=True),
        sa.Column("external_id", Str, nullable=True),
        _owned("images", "project_id", "projects"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_images"))
    )
    op.create_index("ix_images_name", "images", ["project_id", "name_nfc"], unique=True, **_ALIVE)
    op.create_index("ix_images_newest", "images", ["project_id", "id"], **_ALIVE)
    op.create_index("ix_images_sha256", "images", ["project_id", "sha256"], **_ALIVE)
    op.create_index("ix_images_split", "images", ["project_id", "split", "todo", "name_nfc"], **_ALIVE)
    op.create_index("ix_images_todo", "images", ["project_id", "todo", "name_nfc"], **_ALIVE)
    op.create_index("ix_images_trash", "images", ["project_id", "deleted_at", "id"], **_DEAD)
    op.create_table("jobs",
        sa.Column("id", Str, nullable=False),
        sa.Column("kind", Str, nullable=False),
        sa.Column("project_id", Str, nullable=True),
        sa.Column("state", Str, nullable=False),
        sa.Column("stopping", Str, nullable=False),
        sa.Column("title", Str, nullable=False),
        sa.Column("phase", Str, nullable=False),
        sa.Column("done", sa.Float(), nullable=False),
        sa.Column("total", sa.Float(), nullable=False),
        sa.Column("seconds_left", sa.Float(), nullable=True),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("params", Json(), nullable=False),
        sa.Column("result", Json(), nullable=True),
        sa.Column("error_code", Str, nullable=True),
        sa.Column("error", Str, nullable=True),
        sa.Column("created_by", Str, nullable=True),
        sa.Column("created_at", Str, nullable=False),
        sa.Column("started_at", Str, nullable=True),
        sa.Column("finished_at", Str, nullable=True),
        sa.Column("heartbeat_at", Str, nullable=True),
        _owned("jobs", "project_id", "projects"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs"))
    )
    op.create_index("ix_jobs_project", "jobs", ["project_id", "id"])
    op.create_index("ix_jobs_state", "jobs", ["state", "id"])
    op.create_table("label_classes",
        sa.Column("id", Str, nullable=False),
        sa.Column("project_id", Str, nullable=False),
        sa.Column("name", Str, nullable=False),
        sa.Column("name_nfc", Str, nullable=False),
        sa.Column("color", Str, nullable=False),
        sa.Column("hotkey", Str, nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("hidden", sa.Boolean(), nullable=False),
        sa.Column("created_at", Str, nullable=False),
        sa.Column("deleted_at", Str, nullable=True),
        _owned("label_classes", "project_id", "projects"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_label_classes"))
    )
    op.create_index("ix_label_classes_name", "label_classes", ["project_id", "name_nfc"], unique=True, **_ALIVE)
    op.create_table("class_counts",
        sa.Column("class_id", Str, nullable=False),
        sa.Column("split", Str, nullable=False),
        sa.Column("annotations", sa.Integer(), nullable=False),
        _owned("class_counts", "class_id", "label_classes"),
        sa.PrimaryKeyConstraint("class_id", "split", name=op.f("pk_class_counts"))
    )
    op.create_table("memberships",
        sa.Column("project_id", Str, nullable=False),
        sa.Column("user_id", Str, nullable=False),
        sa.Column("role", Str, nullable=False),
        _owned("memberships", "project_id", "projects"),
        _owned("memberships", "user_id", "users"),
        sa.PrimaryKeyConstraint("project_id", "user_id", name=op.f("pk_memberships"))
    )
    op.create_index("ix_memberships_user", "memberships", ["user_id"])
    op.create_table("models",
        sa.Column("id", Str, nullable=False),
        sa.Column("project_id", Str, nullable=False),
        sa.Column("name", Str, nullable=False),
        sa.Column("architecture", Str, nullable=False),
        sa.Column("task", Str, nullable=False),
        sa.Column("card", Json(), nullable=False),
        sa.Column("version_id", Str, nullable=True),
        sa.Column("job_id", Str, nullable=True),
        sa.Column("parent_id", Str, nullable=True),
        sa.Column("onnx_sha256", Str, nullable=False),
        sa.Column("onnx_bytes", sa.BigInteger(), nullable=False),
        sa.Column("weights_sha256", Str, nullable=True),
        sa.Column("val", Json(), nullable=True),
        sa.Column("test", Json(), nullable=True),
        sa.Column("created_at", Str, nullable=False),
        sa.Column("deleted_at", Str, nullable=True),
        _owned("models", "project_id", "projects"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_models"))
    )
    op.create_index("ix_models_project", "models", ["project_id", "id"])
    op.create_table("prediction_runs",
        sa.Column("id", Str, nullable=False),
        sa.Column("project_id", Str, nullable=False),
        sa.Column("model_id", Str, nullable=False),
        sa.Column("model_name", Str, nullable=False),
        sa.Column("job_id", Str, nullable=True),
        sa.Column("name", Str, nullable=False),
        sa.Column("score_threshold", sa.Float(), nullable=False),
        sa.Column("iou_threshold", sa.Float(), nullable=False),
        sa.Column("images", sa.Integer(), server_default="0", nullable=False),
        sa.Column("done", sa.Integer(), server_default="0", nullable=False),
        sa.Column("failed", sa.Integer(), server_default="0", nullable=False),
        sa.Column("created_at", Str, nullable=False),
        sa.Column("created_by", Str, nullable=True),
        _owned("prediction_runs", "project_id", "projects"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prediction_runs"))
    )
    op.create_index("ix_prediction_runs_project", "prediction_runs", ["project_id", "id"])
    op.create_table("sessions",
        sa.Column("id", Str, nullable=False),
        sa.Column("secret_hash", Str, nullable=False),
        sa.Column("user_id", Str, nullable=False),
        sa.Column("created_at", Str, nullable=False),
        sa.Column("expires_at", Str, nullable=False),
        _owned("sessions", "user_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_sessions_secret_hash"))
    )
    op.create_table("tokens",
        sa.Column("id", Str, nullable=False),
        sa.Column("secret_hash", Str, nullable=False),
        sa.Column("user_id", Str, nullable=False),
        sa.Column("name", Str, nullable=False),
        sa.Column("created_at", Str, nullable=False),
        sa.Column("expires_at", Str, nullable=True),
        sa.Column("last_used_at", Str, nullable=True),
        sa.Column("revoked_at", Str, nullable=True),
        _owned("tokens", "user_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tokens")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_tokens_secret_hash"))
    )
    op.create_table(
        "answers",
        sa.Column("key", Str, nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("media_type", Str, nullable=True),
        sa.Column("created_at", Str, nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_answers")),
    )
    op.create_index("ix_answers_created", "answers", ["created_at"])
    op.create_table("uploads",
        sa.Column("id", Str, nullable=False),
        sa.Column("user_id", Str, nullable=False),
        sa.Column("name", Str, nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("received", sa.BigInteger(), nullable=False),
        sa.Column("created_at", Str, nullable=False),
        sa.Column("updated_at", Str, nullable=False),
        _owned("uploads", "user_id", "users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_uploads"))
    )
    op.create_table("annotations",
        sa.Column("id", Str, nullable=False),
        sa.Column("project_id", Str, nullable=False),
        sa.Column("image_id", Str, nullable=False),
        sa.Column("set_id", Str, nullable=False),
        sa.Column("class_id", Str, nullable=False),
        sa.Column("type", Str, nullable=False),
        sa.Column("geometry", Json(), nullable=False),
        sa.Column("x0", sa.Float(), nullable=False),
        sa.Column("y0", sa.Float(), nullable=False),
        sa.Column("x1", sa.Float(), nullable=False),
        sa.Column("y1", sa.Float(), nullable=False),
        sa.Column("area", sa.Float(), nullable=False),
        sa.Column("source", Str, nullable=False),
        sa.Column("state", Str, nullable=False),
        sa.Column("score", sa.Float(), nullable=True),
        sa.Column("z", sa.Integer(), nullable=False),
        sa.Column("crowd", sa.Boolean(), nullable=False),
        sa.Column("attributes", Json(), nullable=False),
        sa.Column("track_id", Str, nullable=True),
        sa.Column("group_id", Str, nullable=True),
        sa.Column("author_id", Str, nullable=True),
        sa.Column("model_id", Str, nullable=True),
        sa.Column("external_id", Str, nullable=True),
        sa.Column("created_at", Str, nullable=False),
        sa.Column("updated_at", Str, nullable=False),
        sa.Column("deleted_at", Str, nullable=True),
        sa.ForeignKeyConstraint(["class_id"], ["label_classes.id"], name=op.f("fk_annotations_class_id")),
        _owned("annotations", "image_id", "images"),
        _owned("annotations", "project_id", "projects"),
        _owned("annotations", "set_id", "annotation_sets"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_annotations"))
    )
    op.create_index("ix_annotations_class", "annotations", ["class_id", "set_id", "image_id"], **_ALIVE)
    op.create_index("ix_annotations_image", "annotations", ["image_id", "set_id", "class_id"], **_ALIVE)
    op.create_index("ix_annotations_source", "annotations", _SOURCE, **_ALIVE)
    op.create_table("change_log",
        sa.Column("id", Str, nullable=False),
        sa.Column("project_id", Str, nullable=False),
        sa.Column("image_id", Str, nullable=False),
        sa.Column("set_id", Str, nullable=False),
        sa.Column("change_id", Str, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("author_id", Str, nullable=True),
        sa.Column("created_at", Str, nullable=False),
        sa.Column("changes", Json(), nullable=False),
        _owned("change_log", "image_id", "images"),
        _owned("change_log", "project_id", "projects"),
        _owned("change_log", "set_id", "annotation_sets"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_log")),
        sa.UniqueConstraint("image_id", "set_id", "change_id", name=op.f("uq_change_log_image_id"))
    )
    op.create_index("ix_change_log_image", "change_log", ["image_id", "revision", "id"])
    op.create_table("evaluations",
        sa.Column("id", Str, nullable=False),
        sa.Column("project_id", Str, nullable=False),
        sa.Column("model_id", Str, nullable=False),
        sa.Column("version_id", Str, nullable=True),
        sa.Column("job_id", Str, nullable=True),
        sa.Column("split", Str, nullable=False),
        sa.Column("metrics", Json(), nullable=False),
        sa.Column("created_at", Str, nullable=False),
        _owned("evaluations", "model_id", "models"),
        _owned("evaluations", "project_id", "projects"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evaluations"))
    )
    op.create_index("ix_evaluations_model", "evaluations", ["model_id", "id"])
    op.create_table("image_set_state",
        sa.Column("image_id", Str, nullable=False),
        sa.Column("set_id", Str, nullable=False),
        sa.Column("revision", sa.Integer(), server_default="0", nullable=False),
        sa.Column("state", Str, nullable=False),
        sa.Column("annotations", sa.Integer(), server_default="0", nullable=False),
        _owned("image_set_state", "image_id", "images"),
        _owned("image_set_state", "set_id", "annotation_sets"),
        sa.PrimaryKeyConstraint("image_id", "set_id", name=op.f("pk_image_set_state"))
    )
    op.create_table("job_logs",
        sa.Column("job_id", Str, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("level", Str, nullable=False),
        sa.Column("message", Str, nullable=False),
        sa.Column("created_at", Str, nullable=False),
        _owned("job_logs", "job_id", "jobs"),
        sa.PrimaryKeyConstraint("job_id", "number", name=op.f("pk_job_logs"))
    )
    op.create_table("job_metrics",
        sa.Column("job_id", Str, nullable=False),
        sa.Column("step", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", Str, nullable=False),
        sa.Column("value", sa.Float(), nullable=False),
        _owned("job_metrics", "job_id", "jobs"),
        sa.PrimaryKeyConstraint("job_id", "step", "name", name=op.f("pk_job_metrics"))
    )
    op.create_table("run_images",
        sa.Column("id", Str, nullable=False),
        sa.Column("run_id", Str, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", Str, nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("orientation", sa.Integer(), nullable=False),
        sa.Column("sha256", Str, nullable=False),
        sa.Column("image_id", Str, nullable=True),
        sa.Column("detections", Json(), nullable=True),
        sa.Column("max_score", sa.Float(), nullable=True),
        sa.Column("error", Str, nullable=True),
        _owned("run_images", "run_id", "prediction_runs"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_run_images")),
        sa.UniqueConstraint("run_id", "position", name=op.f("uq_run_images_run_id"))
    )
    op.create_index("ix_run_images_sha256", "run_images", ["sha256"])
