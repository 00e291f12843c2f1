"""Tags of pictures: free words, given to one picture or to many at once."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from boxwright.domain.errors import Invalid
from boxwright.domain.events import Event
from boxwright.domain.projects import TagCount
from boxwright.services import checks
from boxwright.services.image_actions import chosen
from boxwright.storage.repositories.text import nfc
from boxwright.storage.unit_of_work import UnitOfWork

MAX_TAGS = 100
_LENGTH = 100


def checked_tags(tags: Iterable[str]) -> list[str]:
    """Return tags as they are stored, each once, in their order. Raises Invalid."""
    found = list(dict.fromkeys(nfc(checks.name(tag, "the tag", _LENGTH)) for tag in tags))
    if len(found) > MAX_TAGS:
        raise Invalid(f"{len(found)} tags; an image has at most {MAX_TAGS}", code="too_many_tags")
    return found


class Tags:
    """Rules about tags."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow

    def list(self, project_id: str) -> tuple[TagCount, ...]:
        """Return the tags of living pictures, each with how many have it, by name. Raises NotFound."""
        with self._uow.read() as tx:
            tx.projects.get(project_id)
            return tx.images.tags(project_id)

    def change(self, project_id: str, ids: Sequence[str], add: Iterable[str] = (), remove: Iterable[str] = ()) -> int:
        """Give pictures tags and take others from them, all or none; returns how many it changed.

        Raises NotFound where an id is no picture of the project, Invalid.
        """
        given, taken = checked_tags(add), set(checked_tags(remove))
        with self._uow.write() as tx:
            found = chosen(tx, project_id, ids)
            groups: dict[tuple[str, ...], list[str]] = defaultdict(list)
            for image in found:
                tags = tuple(checked_tags(tag for tag in (*image.tags, *given) if tag not in taken))
                if tags != image.tags:
                    groups[tags].append(image.id)
            for tags, members in groups.items():
                tx.images.update_many(members, tags=[*tags])
            changed = sum(map(len, groups.values()))
            if changed:
                data = {"action": "tags", "count": changed}
                tx.publish(Event(topic="images", project_id=project_id, id=project_id, data=data))
        return changed
