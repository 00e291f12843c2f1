"""Reads a file of tracks in a process of its own: `python -m boxwright.services.track_child`.

The order has `file`, `name` (what it was called), `format` ("auto" or a name), `video` and `scratch`, an empty folder.
"""

import sys
from collections.abc import Mapping
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import Any

from boxwright.domain.errors import Invalid
from boxwright.domain.tracks import keyframe_to_json
from boxwright.domain.videos import Video
from boxwright.formats import films
from boxwright.formats.film import FoundTrack
from boxwright.formats.problems import Problems
from boxwright.formats.source import Source
from boxwright.media.archives import Limits, Member, is_archive, safe_extract
from boxwright.services.model_process import answer
from boxwright.services.track_schema import MAX_CHANGES, MAX_KEYFRAMES

_LIMITS = Limits(files=500_000, total=32 << 30)


def load() -> None:
    """Everything is loaded with this module."""


def run(order: Mapping[str, Any]) -> dict[str, object]:
    """Return the tracks, the format and the problems of a file. Raises Invalid, InvalidDataset."""
    path, video = Path(order["file"]), Video(**order["video"])
    members = safe_extract(path, Path(order["scratch"]), _LIMITS) if is_archive(path) else [Member(order["name"], path)]
    source = Source(members)
    name = films.detect(source) if order["format"] == "auto" else str(order["format"])
    problems = Problems()
    found = list(islice(films.FORMATS[name].read(source, video, problems), MAX_CHANGES + 1))
    if len(found) > MAX_CHANGES or sum(len(item.keyframes) for item in found) > MAX_KEYFRAMES:
        message = f"more than {MAX_CHANGES:,} tracks, or than {MAX_KEYFRAMES:,} key frames, are too many for a video"
        raise Invalid(message, code="too_many_changes")
    return {
        "format": name,
        "tracks": [_track_to_json(item) for item in found],
        "problems": [asdict(item) for item in problems.items],
        "problem_count": problems.count,
        "notes": problems.notes,
    }


def _track_to_json(track: FoundTrack) -> dict[str, object]:
    return {
        "class_name": track.class_name,
        "keyframes": [keyframe_to_json(item) for item in track.keyframes],
        "external_id": track.external_id,
        "attributes": dict(track.attributes or {}),
        "z": track.z,
    }


if __name__ == "__main__":
    sys.exit(answer(run, load))
