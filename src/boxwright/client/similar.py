# Made from aio/similar.py by scripts/sync_client.py: change that one, then run `make api`.
"""Images that look alike."""

from collections.abc import Sequence
from pathlib import Path

from boxwright.client.decode import decode, decode_list
from boxwright.client.files import open_file
from boxwright.client.http import Http
from boxwright.domain.image_maps import ImageMap, MapPoints, SimilarImage
from boxwright.domain.projects import Image


class Similar:
    """Similar images, and the map of all; `jobs.start(EmbedRequest(...))` looks at the images first."""

    def __init__(self, http: Http) -> None:
        self._http = http

    def map(self, project_id: str) -> ImageMap:
        """Return how many images were looked at, and with which model."""
        return decode(ImageMap, self._http.get(f"/projects/{project_id}/map"))

    def points(self, project_id: str) -> MapPoints:
        """Return where images lie on the map; what lies together looks alike."""
        return decode(MapPoints, self._http.get(f"/projects/{project_id}/map/points"))

    def images(self, project_id: str, ids: Sequence[str]) -> tuple[Image, ...]:
        """Return at most 500 images by their ids, in this order; what is not there is left out."""
        body = {"ids": list(ids)}
        return decode_list(Image, self._http.send("POST", f"/projects/{project_id}/map/images", json=body))

    def to(self, image_id: str, limit: int = 50) -> tuple[SimilarImage, ...]:
        """Return the images that look most like one of the project, the likest first.

        Raises Invalid before anybody has looked (`no_image_map`), and for an image added since (`image_new`).
        """
        answer = self._http.get(f"/images/{image_id}/similar-images", {"limit": limit})
        return decode_list(SimilarImage, answer)

    def to_picture(self, project_id: str, picture: Path | bytes, limit: int = 50) -> tuple[SimilarImage, ...]:
        """Return the images that look most like a picture from elsewhere; it is not stored."""
        path = f"/projects/{project_id}/similar-images"
        params = {"limit": limit}
        if isinstance(picture, bytes):
            return decode_list(SimilarImage, self._http.send("POST", path, params=params, content=picture))
        with open_file(picture) as source:
            return decode_list(SimilarImage, self._http.send("POST", path, params=params, content=source))
