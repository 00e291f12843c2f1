"""Pictures of a run: how they come in and what is said about them."""

import json
from collections.abc import Iterable, Iterator

from boxwright.domain.detections import row_from_json
from boxwright.domain.ids import new_id
from boxwright.domain.predictions import RunImage
from boxwright.domain.projects import Image
from boxwright.storage.repositories.runs import RunOutcome, StoredPicture


def waiting(key: str, run_id: str, position: int, name: str, width: int, height: int, image_id: str | None) -> RunImage:
    """Return a picture without a result."""
    return RunImage(
        id=key,
        run_id=run_id,
        position=position,
        name=name,
        width=width,
        height=height,
        image_id=image_id,
        detections=None,
        error=None,
    )


def from_project(run_id: str, start: int, images: Iterable[Image]) -> Iterator[tuple[RunImage, StoredPicture]]:
    """Yield the project's pictures as pictures of a run, from the position `start` on."""
    for position, item in enumerate(images, start):
        key = new_id()
        picture = waiting(key, run_id, position, item.name, item.width, item.height, item.id)
        yield picture, StoredPicture(id=key, name=item.name, sha256=item.sha256, orientation=item.orientation)


def outcome(line: str) -> RunOutcome:
    """Read a line of the task's `detections.jsonl`."""
    value = json.loads(line)
    if value.get("error") is not None:
        return RunOutcome(id=value["id"], detections=None, error=str(value["error"])[:500])
    rows = tuple(map(row_from_json, value["detections"]))
    return RunOutcome(id=value["id"], detections=rows)


def class_names(pictures: Iterable[RunImage]) -> list[str]:
    """Gather class names by class id from detections."""
    found = {row.class_id: row.class_name for item in pictures for row in item.detections or ()}
    return [found.get(index, f"class {index}") for index in range(max(found, default=-1) + 1)]
