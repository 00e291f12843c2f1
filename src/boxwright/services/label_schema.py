"""What an annotation must be before it is stored."""

import json
import math
from collections.abc import Sequence
from dataclasses import replace

from boxwright.domain.annotations import Annotation, Attributes, ChangeSet, Delete, Upsert
from boxwright.domain.clipping import clip
from boxwright.domain.errors import Invalid
from boxwright.domain.ids import is_id
from boxwright.domain.projects import Image
from boxwright.services import checks

MAX_CHANGES = 10_000
MAX_ATTRIBUTES = 16_384
_BIG = 1 << 31


def check_change_set(changes: ChangeSet) -> None:
    """Refuse what cannot be stored on any picture. Raises Invalid."""
    checks.name(changes.change_id, "the change id", 100)
    if not 0 <= changes.base_revision < _BIG:
        raise Invalid("base_revision is the revision that was loaded, 0 or more", code="revision_invalid")
    if len(changes.changes) > MAX_CHANGES:
        message = f"{len(changes.changes)} changes at once; send at most {MAX_CHANGES}"
        raise Invalid(message, code="too_many_changes")
    for change in changes.changes:
        identifier = change.id if isinstance(change, Delete) else change.annotation.id
        if not is_id(identifier):
            raise Invalid(f"annotation id {identifier[:60]!r} is no lower-case UUID", code="id_invalid")


def final_changes(changes: Sequence[Upsert | Delete]) -> tuple[list[Annotation], list[str]]:
    """Return what to put and what to delete; of several changes of one annotation the last one counts."""
    last: dict[str, Annotation | None] = {}
    for change in changes:
        if isinstance(change, Delete):
            last[change.id] = None
        else:
            last[change.annotation.id] = change.annotation
    return [item for item in last.values() if item is not None], [key for key, item in last.items() if item is None]


def fit(annotation: Annotation, image: Image, author_id: str) -> Annotation:
    """Return the annotation as it is stored on this picture: clipped to it, signed by its author. Raises Invalid."""
    where = f"annotation {annotation.id}"
    geometry = clip(annotation.geometry, image.width, image.height)
    if geometry is None:
        message = f"{where} lies outside the picture of {image.width} x {image.height} pixels"
        raise Invalid(message, code="outside_image")
    if annotation.score is not None and not 0 <= annotation.score <= 1:
        raise Invalid(f"{where}: score must be 0 to 1", code="score_invalid")
    if not -_BIG < annotation.z < _BIG:
        raise Invalid(f"{where}: z is too large", code="z_invalid")
    for what in ("track_id", "group_id", "model_id", "external_id"):
        value = getattr(annotation, what)
        if value is not None:
            checks.text(value, f"{where}: {what}", checks.NAME)
    check_attributes(annotation.attributes, where)
    return replace(annotation, geometry=geometry, author_id=author_id)


def check_attributes(attributes: Attributes, where: str) -> None:
    """Refuse attributes that cannot be stored. Raises Invalid."""
    for key, value in attributes.items():
        checks.name(key, f"{where}: an attribute's name")
        if isinstance(value, str):
            checks.text(value, f"{where}: {key}")
        elif isinstance(value, float) and not math.isfinite(value):
            raise Invalid(f"{where}: attribute {key!r} is not a finite number", code="attributes_invalid")
    if attributes and len(json.dumps(dict(attributes))) > MAX_ATTRIBUTES:
        raise Invalid(f"{where}: more than {MAX_ATTRIBUTES} characters of attributes", code="attributes_invalid")
