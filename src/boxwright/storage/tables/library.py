"""Projects, classes, pictures and annotations."""

import sqlalchemy as sa
from sqlalchemy import Boolean, Column, Float, ForeignKey, Index, Integer, Table, UniqueConstraint, text

from boxwright.storage.tables.base import count, id_column, living, metadata, owner, text_column
from boxwright.storage.types import Json, PlainJson, Str

_WITH_RUN = text("run_id IS NOT NULL")
_TO_REVIEW = text("proposals > 0 AND deleted_at IS NULL")
_EMPTY = text("state = 'empty' AND deleted_at IS NULL")
_TAGGED = text("tags <> '[]' AND deleted_at IS NULL")
_DESCRIBED = text("metadata <> '{}' AND deleted_at IS NULL")
_OF_VIDEO = text("video_id IS NOT NULL AND deleted_at IS NULL")

projects = Table(
    "projects",
    metadata,
    id_column(),
    text_column("name"),
    text_column("name_nfc"),
    text_column("name_fold"),
    text_column("description"),
    text_column("cover_image_id", nullable=True),
    text_column("created_at"),
    text_column("updated_at"),
    text_column("deleted_at", nullable=True),
    # Living pictures, those of them that are labelled or empty, and their ground-truth annotations.
    count("images"),
    count("labeled"),
    count("annotations"),
    # Whether pictures are assigned and reviewed: auto, on, off.
    Column("workflow", Str, nullable=False, server_default="auto"),
    # Definitions of the attributes of all classes.
    Column("attributes", Json, nullable=False, server_default="[]"),
    living("name", "projects", "name_nfc", unique=True),
    Index("ix_projects_updated", "updated_at", "id"),
)

memberships = Table(
    "memberships",
    metadata,
    owner("project_id", "projects", primary_key=True),
    owner("user_id", "users", primary_key=True),
    text_column("role"),
    Index("ix_memberships_user", "user_id"),
)

label_classes = Table(
    "label_classes",
    metadata,
    id_column(),
    owner("project_id", "projects"),
    text_column("name"),
    text_column("name_nfc"),
    text_column("color"),
    text_column("hotkey", nullable=True),
    Column("position", Integer, nullable=False),
    Column("hidden", Boolean, nullable=False),
    # Definitions of its attributes.
    Column("attributes", Json, nullable=False, server_default="[]"),
    text_column("created_at"),
    text_column("deleted_at", nullable=True),
    # The class that took its objects when it went: what comes late for it belongs there.
    text_column("merged_into", nullable=True),
    living("name", "label_classes", "project_id", "name_nfc", unique=True),
)

# Ground-truth annotations on living pictures, by class and split: counting them anew takes seconds in a large project.
class_counts = Table(
    "class_counts",
    metadata,
    owner("class_id", "label_classes", primary_key=True),
    Column("split", Str, primary_key=True),
    Column("annotations", Integer, nullable=False),
)

# The pictures of each split: the living ones, those of them that wait for labels, their annotations and proposals,
# those with proposals, and what lies in the trash. `turnover` rises whenever pictures come or go.
split_counts = Table(
    "split_counts",
    metadata,
    owner("project_id", "projects", primary_key=True),
    Column("split", Str, primary_key=True),
    count("images"),
    count("unlabeled"),
    count("annotations"),
    count("proposals"),
    count("to_review"),
    count("trash"),
    count("turnover"),
)

images = Table(
    "images",
    metadata,
    id_column(),
    owner("project_id", "projects"),
    text_column("name"),
    text_column("name_nfc"),
    text_column("name_fold"),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    # Width by height, for an order; those of gigapixel pictures are beyond the integers of PostgreSQL.
    Column("pixels", sa.BigInteger, nullable=False, server_default="0"),
    Column("orientation", Integer, nullable=False),
    text_column("format"),
    Column("bytes", sa.BigInteger, nullable=False),
    text_column("sha256"),
    text_column("split"),
    # State, count and revision of the ground truth, kept beside the picture for lists; `todo` is 0 while unlabelled.
    text_column("state"),
    Column("todo", Integer, nullable=False),
    count("annotations"),
    # Proposals of a model that nobody has accepted or rejected yet; they are not among the annotations.
    count("proposals"),
    # The lowest score among those, or 2 where none has one.
    Column("lowest_score", Float, nullable=False, server_default="2"),
    count("revision"),
    text_column("created_at"),
    # When what a dataset version holds of it was last changed: name, split, state, tags, metadata, annotations.
    Column("changed_at", Str, nullable=False, server_default=""),
    text_column("deleted_at", nullable=True),
    Column("tags", Json, nullable=False),
    Column("metadata", Json, nullable=False),
    text_column("video_id", nullable=True),
    Column("frame_index", Integer),
    text_column("external_id", nullable=True),
    # Who works on it, how far that is, and how many steps that took.
    text_column("assignee_id", nullable=True),
    Column("work_state", Str, nullable=False, server_default="new"),
    count("work_revision"),
    living("name", "images", "project_id", "name_nfc", unique=True),
    living("todo", "images", "project_id", "todo", "name_nfc"),
    living("split", "images", "project_id", "split", "todo", "name_nfc"),
    living("newest", "images", "project_id", "id"),
    living("changed", "images", "project_id", "changed_at", "id"),
    living("objects", "images", "project_id", "annotations", "id"),
    living("trash", "images", "project_id", "deleted_at", "id", dead=True),
    living("sha256", "images", "project_id", "sha256"),
    Index(
        "ix_images_proposals",
        "project_id",
        "lowest_score",
        "name_nfc",
        sqlite_where=_TO_REVIEW,
        postgresql_where=_TO_REVIEW,
    ),
    living("work", "images", "project_id", "work_state", "assignee_id", "name_nfc"),
    living("added", "images", "project_id", "created_at", "id"),
    living("pixels", "images", "project_id", "pixels", "id"),
    Index("ix_images_empty", "project_id", "name_nfc", sqlite_where=_EMPTY, postgresql_where=_EMPTY),
    Index("ix_images_tagged", "project_id", "name_nfc", sqlite_where=_TAGGED, postgresql_where=_TAGGED),
    Index("ix_images_described", "project_id", "name_nfc", sqlite_where=_DESCRIBED, postgresql_where=_DESCRIBED),
    Index(
        "ix_images_video",
        "project_id",
        "video_id",
        "frame_index",
        sqlite_where=_OF_VIDEO,
        postgresql_where=_OF_VIDEO,
    ),
)

# Filters and orders of the library under a name.
saved_views = Table(
    "saved_views",
    metadata,
    id_column(),
    owner("project_id", "projects"),
    text_column("name"),
    text_column("name_nfc"),
    Column("query", Json, nullable=False),
    text_column("author_id", nullable=True),
    text_column("created_at"),
    text_column("updated_at"),
    UniqueConstraint("project_id", "name_nfc"),
)

# Pictures that are labelled twice: each of these people has an annotation set of their own.
labelers = Table(
    "labelers",
    metadata,
    owner("image_id", "images", primary_key=True),
    owner("user_id", "users", primary_key=True),
    owner("project_id", "projects"),
    owner("set_id", "annotation_sets"),
    text_column("submitted_at", nullable=True),
    Index("ix_labelers_user", "project_id", "user_id"),
)

comments = Table(
    "comments",
    metadata,
    id_column(),
    owner("project_id", "projects"),
    owner("image_id", "images"),
    text_column("text"),
    # Where it is pinned, if it is; the annotation it speaks of may be gone.
    Column("x", Float),
    Column("y", Float),
    text_column("annotation_id", nullable=True),
    text_column("author_id", nullable=True),
    text_column("created_at"),
    text_column("resolved_at", nullable=True),
    text_column("resolved_by", nullable=True),
    Index("ix_comments_image", "image_id", "created_at", "id"),
    Index("ix_comments_project", "project_id", "resolved_at", "image_id"),
)

work_log = Table(
    "work_log",
    metadata,
    id_column(),
    owner("project_id", "projects"),
    owner("image_id", "images"),
    text_column("change_id"),
    text_column("step"),
    text_column("state"),
    text_column("assignee_id", nullable=True),
    text_column("author_id", nullable=True),
    text_column("note"),
    text_column("created_at"),
    UniqueConstraint("image_id", "change_id"),
    Index("ix_work_log_image", "image_id", "id"),
)

annotation_sets = Table(
    "annotation_sets",
    metadata,
    id_column(),
    owner("project_id", "projects"),
    text_column("kind"),
    text_column("name"),
    text_column("user_id", nullable=True),
    text_column("model_id", nullable=True),
    text_column("created_at"),
    Index(
        "ix_annotation_sets_default",
        "project_id",
        unique=True,
        sqlite_where=text("kind = 'ground_truth'"),
        postgresql_where=text("kind = 'ground_truth'"),
    ),
)

image_set_state = Table(
    "image_set_state",
    metadata,
    owner("image_id", "images", primary_key=True),
    owner("set_id", "annotation_sets", primary_key=True),
    count("revision"),
    text_column("state"),
    count("annotations"),
)

annotations = Table(
    "annotations",
    metadata,
    id_column(),
    owner("project_id", "projects"),
    owner("image_id", "images"),
    owner("set_id", "annotation_sets"),
    Column("class_id", Str, ForeignKey("label_classes.id"), nullable=False),
    text_column("type"),
    Column("geometry", PlainJson, nullable=False),
    Column("x0", Float, nullable=False),
    Column("y0", Float, nullable=False),
    Column("x1", Float, nullable=False),
    Column("y1", Float, nullable=False),
    Column("area", Float, nullable=False),
    text_column("source"),
    text_column("state"),
    Column("score", Float),
    Column("z", Integer, nullable=False),
    Column("crowd", Boolean, nullable=False),
    Column("attributes", Json, nullable=False),
    text_column("track_id", nullable=True),
    text_column("group_id", nullable=True),
    text_column("author_id", nullable=True),
    text_column("model_id", nullable=True),
    # The auto-annotation job that proposed it.
    text_column("run_id", nullable=True),
    text_column("external_id", nullable=True),
    text_column("created_at"),
    text_column("updated_at"),
    text_column("deleted_at", nullable=True),
    # With what filters ask of objects, so that they need not look at the rows.
    living("image", "annotations", "image_id", "set_id", "class_id", "state", "source", "score", "area"),
    living("class", "annotations", "class_id", "set_id", "image_id"),
    living("source", "annotations", "project_id", "set_id", "source", "state", "score"),
    Index("ix_annotations_run", "run_id", sqlite_where=_WITH_RUN, postgresql_where=_WITH_RUN),
)

# What imports did to pictures, so that a whole one can be undone: what a picture was before, or null where the import
# brought it. What happened to its annotations is in the change log.
import_changes = Table(
    "import_changes",
    metadata,
    owner("job_id", "jobs", primary_key=True),
    owner("image_id", "images", primary_key=True),
    Column("before", Json),
    Index("ix_import_changes_image", "image_id"),
)

change_log = Table(
    "change_log",
    metadata,
    id_column(),
    owner("project_id", "projects"),
    owner("image_id", "images"),
    owner("set_id", "annotation_sets"),
    text_column("change_id"),
    Column("revision", Integer, nullable=False),
    text_column("author_id", nullable=True),
    text_column("created_at"),
    Column("changes", Json, nullable=False),
    # The auto-annotation job whose work, or undoing, it was.
    text_column("run_id", nullable=True),
    UniqueConstraint("image_id", "set_id", "change_id"),
    Index("ix_change_log_image", "image_id", "revision", "id"),
    Index("ix_change_log_run", "run_id", "image_id", sqlite_where=_WITH_RUN, postgresql_where=_WITH_RUN),
)
