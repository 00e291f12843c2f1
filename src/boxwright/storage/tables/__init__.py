"""Every table of the database; `migrations/` makes them, a test compares both."""

from boxwright.storage.tables.base import metadata
from boxwright.storage.tables.checkups import checkups
from boxwright.storage.tables.classes import class_changes, class_moves
from boxwright.storage.tables.image_maps import image_maps
from boxwright.storage.tables.library import (
    annotation_sets,
    annotations,
    change_log,
    class_counts,
    comments,
    image_set_state,
    images,
    import_changes,
    label_classes,
    labelers,
    memberships,
    projects,
    saved_views,
    split_counts,
    work_log,
)
from boxwright.storage.tables.originals import originals
from boxwright.storage.tables.people import answers, audit_log, meta, sessions, tokens, uploads, users
from boxwright.storage.tables.splits import split_changes, split_moves
from boxwright.storage.tables.suspicions import suspicions
from boxwright.storage.tables.video import track_log, tracks, videos
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
    "checkups",
    "class_changes",
    "class_counts",
    "class_moves",
    "comments",
    "dataset_versions",
    "evaluations",
    "image_maps",
    "image_set_state",
    "images",
    "import_changes",
    "job_logs",
    "job_metrics",
    "jobs",
    "label_classes",
    "labelers",
    "memberships",
    "meta",
    "metadata",
    "model_variants",
    "models",
    "originals",
    "prediction_runs",
    "projects",
    "run_images",
    "saved_views",
    "sessions",
    "split_changes",
    "split_counts",
    "split_moves",
    "starting_weights",
    "suspicions",
    "tokens",
    "track_log",
    "tracks",
    "uploads",
    "users",
    "videos",
    "work_log",
]
