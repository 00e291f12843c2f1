"""Metadata of pictures: fields such as title and author, written for one picture or for many at once."""

from collections.abc import Mapping

from boxwright.domain.errors import Invalid
from boxwright.domain.events import Event
from boxwright.services import checks
from boxwright.services.image_actions import chosen
from boxwright.storage.unit_of_work import UnitOfWork

MAX_FIELDS = 100
_NAME = 100


def checked_fields(fields: Mapping[str, str]) -> dict[str, str]:
    """Return fields as they are stored. Raises Invalid."""
    found = {checks.name(name, "the field", _NAME): checks.text(value, name) for name, value in fields.items()}
    if len(found) > MAX_FIELDS:
        raise Invalid(f"{len(found)} fields; an image has at most {MAX_FIELDS}", code="too_many_fields")
    return found


class Metadata:
    """Rules about metadata."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    def change(self, project_id: str, changes: Mapping[str, Mapping[str, str]]) -> int:
        """Write fields of pictures by their id, all or none; returns how many pictures it changed.

        An empty value takes a field away; fields that are not named stay. Raises NotFound where an id is no picture of
        the project, Invalid.
        """
        wanted = {key: checked_fields(fields) for key, fields in changes.items()}
        with self._uow.write() as tx:
            changed = 0
            for image in chosen(tx, project_id, list(wanted)):
                merged = {**image.metadata, **wanted[image.id]}
                after = checked_fields({name: value for name, value in merged.items() if value})
                if after != dict(image.metadata):
                    tx.images.update(image.id, metadata=after)
                    changed += 1
            if changed:
                data = {"action": "metadata", "count": changed}
                tx.publish(Event(topic="images", project_id=project_id, id=project_id, data=data))
        return changed
