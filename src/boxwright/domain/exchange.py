"""Import and export: what was found, what was lost, what needs a person's eye."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from boxwright.domain.projects import ImageState, Split

Policy = Literal["skip", "merge", "replace"]
Frame = Literal["raw", "upright"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Problem:
    """One thing in an input that was not taken as it stood: where, what, and what was done about it."""

    file: str
    line: int | None
    code: str
    message: str
    action: Literal["kept", "clipped", "skipped", "error"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Loss:
    """Something a format cannot hold, and how many things it concerns."""

    code: str
    message: str
    count: int


@dataclass(frozen=True, kw_only=True, slots=True)
class ImportReport:
    """What an import read and, once adopted, what it changed. `problems` holds the first 1,000; `problem_count` all."""

    format: str
    images: int
    annotations: int
    classes: tuple[str, ...]
    splits: Mapping[str, int]
    problems: tuple[Problem, ...]
    problem_count: int
    notes: tuple[str, ...] = ()
    images_added: int = 0
    images_updated: int = 0
    images_skipped: int = 0
    proposals: int = 0
    dry_run: bool = False
    class_map: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class ImageBefore:
    """What a picture was before an import changed it; `to_split` is the split that the import gave it.

    `fields` of its metadata were so before, or not there (empty), and `to_fields` is what the import made of them.
    """

    split: Split
    to_split: Split
    state: ImageState
    revision: int
    fields: Mapping[str, str] = field(default_factory=dict)
    to_fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Upload:
    """A resumable upload: `received` of `size` bytes are safe on disk."""

    id: str
    name: str
    size: int
    received: int
    created_at: str
