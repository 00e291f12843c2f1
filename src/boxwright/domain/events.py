"""What the server tells its listeners after a commit."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Topic = Literal[
    "project",
    "class",
    "image",
    "images",
    "annotations",
    "video",
    "work",
    "comment",
    "view",
    "presence",
    "job",
    "job.metric",
    "job.log",
    "model",
    "version",
    "run",
    "user",
    "member",
]


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    """A change that is already committed. `id` names the thing; `data` is small: listeners fetch what they need."""

    topic: Topic
    project_id: str | None
    id: str
    data: Mapping[str, object] = field(default_factory=dict)
