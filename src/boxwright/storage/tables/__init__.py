"""Every table of the database; `migrations/` makes them, a test compares both."""

from boxwright.storage.tables.base import metadata
from boxwright.storage.tables.library import (
    annotation_sets,
    annotations,
    change_log,
    class_counts,
    image_set_state,
    images,
    label_classes,
    memberships,
    projects,
    work_log,
)
from boxwright.storage.tables.people import answers, audit_log, meta, sessions, tokens, uploads, users
from boxwright.storage.tables.work import (
    dataset_versions,
    evaluations,
    job_logs,
    job_metrics,
    jobs,
    model_variants,
    models,
    prediction_runs,
    run_images,
    starting_weights,
)

__all__ = [
    "annotation_sets",
    "annotations",
    "answers",
    "audit_log",
    "change_log",
    "class_counts",
    "dataset_versions",
    "evaluations",
    "image_set_state",
    "images",
    "job_logs",
    "job_metrics",
    "jobs",
    "label_classes",
    "memberships",
    "meta",
    "metadata",
    "model_variants",
    "models",
    "prediction_runs",
    "projects",
    "run_images",
    "sessions",
    "starting_weights",
    "tokens",
    "uploads",
    "users",
    "work_log",
]
