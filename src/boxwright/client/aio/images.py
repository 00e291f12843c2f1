"""Pictures and their annotations."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Literal, cast

from boxwright.client.aio.files import download, open_file
from boxwright.client.aio.http import Http
from boxwright.client.aio.paging import all_items
from boxwright.client.decode import decode, decode_list, decode_page, encode
from boxwright.domain.annotations import ChangeSet, ImageAnnotations, LogEntry, Reviewed, Saved
from boxwright.domain.assist import Assistant, AssistShape, Outlined, Prepared, Prompt, Similar
from boxwright.domain.geometry import Bounds
from boxwright.domain.originals import CopiedIn, ImageOriginal, Original, OriginalCount
from boxwright.domain.paging import Page
from boxwright.domain.presence import Present
from boxwright.domain.projects import Image, Split, TagCount, Uploaded
from boxwright.domain.queries import ImageQuery, Neighbours, ProposalQuery
from boxwright.domain.tiles import Tiles

EVERYTHING = ImageQuery()
ALL_PROPOSALS = ProposalQuery()
BulkAction = Literal["move", "trash", "restore", "delete", "empty", "unlabeled"]


class Images:
    """The library of a project."""

    def __init__(self, http: Http) -> None:
        self._http = http

    async def page(
        self, project_id: str, query: ImageQuery = EVERYTHING, *, cursor: str | None = None, limit: int = 100
    ) -> Page[Image]:
        """Return one page of the pictures that match a filter."""
        params = {**asdict(query), "cursor": cursor, "limit": limit}
        return decode_page(Image, await self._http.get(f"/projects/{project_id}/images", params))

    def all(self, project_id: str, query: ImageQuery = EVERYTHING) -> AsyncIterator[Image]:
        """Yield every picture that matches a filter."""
        return all_items(lambda cursor: self.page(project_id, query, cursor=cursor, limit=500))

    async def upload(self, project_id: str, path: Path, *, name: str | None = None, split: Split = "none") -> Uploaded:
        """Store one picture under `name` (the file's own by default).

        Raises InvalidImage for a file that is no picture, Conflict (`name_taken`) where the name has another picture.
        """
        params = {"name": name or path.name, "split": split}
        with open_file(path) as source:
            answer = await self._http.create(f"/projects/{project_id}/images", params=params, content=source)
        return decode(Uploaded, answer)

    async def get(self, image_id: str) -> Image:
        """Return one picture's record."""
        return decode(Image, await self._http.get(f"/images/{image_id}"))

    async def update(
        self,
        image_id: str,
        *,
        split: Split | None = None,
        name: str | None = None,
        tags: Sequence[str] | None = None,
        metadata: Mapping[str, str] | None = None,
        state: Literal["empty", "unlabeled"] | None = None,
    ) -> Image:
        """Change what is given; the state `empty` says that there is nothing to annotate, `unlabeled` takes it back.

        Raises Conflict (`image_has_annotations`).
        """
        body = {
            "split": split,
            "name": name,
            "tags": None if tags is None else [*tags],
            "metadata": None if metadata is None else dict(metadata),
            "state": state,
        }
        given = {key: value for key, value in body.items() if value is not None}
        return decode(Image, await self._http.send("PATCH", f"/images/{image_id}", json=given))

    async def bulk(self, project_id: str, ids: Sequence[str], action: BulkAction, split: Split | None = None) -> int:
        """Do one thing to many pictures, all or none; return how many changed."""
        body = {"ids": [*ids], "action": action, "split": split}
        answer = await self._http.send("POST", f"/projects/{project_id}/images/bulk", json=body)
        return int(cast("dict[str, int]", answer)["count"])

    async def tags(self, project_id: str) -> tuple[TagCount, ...]:
        """Return the tags of the project's pictures, each with how many have it."""
        return decode_list(TagCount, await self._http.get(f"/projects/{project_id}/tags"))

    async def tag(
        self, project_id: str, ids: Sequence[str], add: Sequence[str] = (), remove: Sequence[str] = ()
    ) -> int:
        """Give pictures tags and take others from them, all or none; return how many changed."""
        body = {"ids": [*ids], "add": [*add], "remove": [*remove]}
        answer = await self._http.send("POST", f"/projects/{project_id}/images/tags", json=body)
        return int(cast("dict[str, int]", answer)["count"])

    async def describe(self, project_id: str, fields: Mapping[str, Mapping[str, str]]) -> int:
        """Write metadata fields of pictures by their id, all or none; return how many pictures changed.

        An empty value takes a field away; fields that are not named stay.
        """
        body = {"images": [{"id": key, "fields": dict(value)} for key, value in fields.items()]}
        answer = await self._http.send("POST", f"/projects/{project_id}/images/metadata", json=body)
        return int(cast("dict[str, int]", answer)["count"])

    async def neighbours(self, image_id: str, query: ImageQuery = EVERYTHING) -> Neighbours:
        """Return the pictures before and after this one under a filter."""
        return decode(Neighbours, await self._http.get(f"/images/{image_id}/neighbours", asdict(query)))

    async def enter(self, image_id: str, tab: str) -> tuple[Present, ...]:
        """Say that a window (any name) shows a picture; returns everybody who looks at it. To be repeated in 20 s."""
        return decode_list(Present, await self._http.send("PUT", f"/images/{image_id}/presence/{tab}"))

    async def leave(self, image_id: str, tab: str) -> None:
        """Say that a window does not show the picture any more."""
        await self._http.send("DELETE", f"/images/{image_id}/presence/{tab}")

    async def originals(self, project_id: str) -> OriginalCount:
        """Return how many images of a project are there by reference."""
        return decode(OriginalCount, await self._http.get(f"/projects/{project_id}/originals"))

    async def original(self, image_id: str) -> Original | None:
        """Return where the bytes of an image lie; None where they are copied."""
        found = await self._http.get(f"/images/{image_id}/original")
        return None if found is None else decode(Original, found)

    async def originals_of(self, project_id: str, image_ids: Sequence[str]) -> dict[str, str]:
        """Return the addresses, by id, of those of up to 1,000 images that are there by reference."""
        path = f"/projects/{project_id}/originals/find"
        found = decode_list(ImageOriginal, await self._http.send("POST", path, json={"ids": list(image_ids)}))
        return {item.image_id: item.address for item in found}

    async def copy_in(self, project_id: str, after: str = "") -> CopiedIn:
        """Copy the next of a project's originals in, behind `after`; go on with `next_after` while there is one."""
        answer = await self._http.send("POST", f"/projects/{project_id}/originals/copy", json={"after": after})
        return decode(CopiedIn, answer)

    async def download(self, image_id: str, target: Path) -> Path:
        """Save the original bytes as `target`."""
        return await download(self._http, f"/images/{image_id}/file", target)

    async def view(self, image_id: str, target: Path) -> Path:
        """Save the upright picture, in a format that browsers show, as `target`."""
        return await download(self._http, f"/images/{image_id}/view", target)

    async def tiles(self, image_id: str) -> Tiles:
        """Say how a very large picture is cut; the first time this begins with it, so ask until it is ready."""
        return decode(Tiles, await self._http.get(f"/images/{image_id}/tiles"))

    async def tile(self, image_id: str, target: Path, level: int, x: int, y: int) -> Path:
        """Save one tile of a very large picture as `target`, a JPEG file."""
        return await download(self._http, f"/images/{image_id}/tiles/{level}/{x}/{y}", target)

    async def thumbnail(self, image_id: str, target: Path, size: Literal[160, 320, 640] = 320) -> Path:
        """Save an upright thumbnail whose longer side has `size` pixels as `target`."""
        return await download(self._http, f"/images/{image_id}/thumbnail", target, {"size": size})


class Annotations:
    """The shapes on pictures."""

    def __init__(self, http: Http) -> None:
        self._http = http

    async def get(self, image_id: str, set_id: str | None = None) -> ImageAnnotations:
        """Return all annotations of a picture in one set (ground truth by default) with their revision."""
        return decode(ImageAnnotations, await self._http.get(f"/images/{image_id}/annotations", {"set_id": set_id}))

    async def apply(self, image_id: str, changes: ChangeSet) -> Saved:
        """Save a change set. Raises Conflict (`revision_conflict`) whose `detail` holds the newer state.

        Sending the same change set again is harmless: its change id brings back the first answer.
        """
        return decode(Saved, await self._http.send("POST", f"/images/{image_id}/changes", json=encode(changes)))

    async def segment(self, image_id: str, prompt: Prompt, shape: AssistShape = "polygon") -> Outlined:
        """Return the outline of the object that a box or clicks mean; nothing is stored. Raises Invalid."""
        body = {**asdict(prompt), "shape": shape}
        return decode(Outlined, await self._http.send("POST", f"/images/{image_id}/segment", json=body))

    async def similar(self, image_id: str, box: Bounds) -> tuple[Similar, ...]:
        """Return other places of a picture that look like one box of it, the likest first; nothing is stored."""
        answer = await self._http.send("POST", f"/images/{image_id}/similar", json={"box": [*box]})
        return decode(tuple[Similar, ...], answer)

    async def prepare(self, image_id: str) -> Prepared:
        """Have a picture encoded in the background for `segment`, where there is a network for it."""
        return decode(Prepared, await self._http.send("POST", f"/images/{image_id}/segment/prepare"))

    async def assistant(self, project_id: str | None = None) -> Assistant:
        """Say whether networks for outlines are in use, in a project or where it has none, and what is wrong."""
        if project_id is None:
            return decode(Assistant, await self._http.get("/assist"))
        return decode(Assistant, await self._http.get(f"/projects/{project_id}/assist"))

    async def revision(self, image_id: str, revision: int, set_id: str | None = None) -> ImageAnnotations:
        """Return all annotations of a picture in one set as they were at a revision. Raises NotFound."""
        answer = await self._http.get(f"/images/{image_id}/revisions/{revision}", {"set_id": set_id})
        return decode(ImageAnnotations, answer)

    async def review(
        self, project_id: str, action: Literal["accept", "reject"], proposals: ProposalQuery = ALL_PROPOSALS
    ) -> Reviewed:
        """Accept or reject all proposals of models that match; return how many there were."""
        body = {"action": action, **asdict(proposals)}
        return decode(Reviewed, await self._http.send("POST", f"/projects/{project_id}/proposals/review", json=body))

    def history(self, image_id: str) -> AsyncIterator[LogEntry]:
        """Yield the saved change sets of a picture, newest first."""
        return all_items(lambda cursor: self.history_page(image_id, cursor=cursor))

    async def history_page(self, image_id: str, *, cursor: str | None = None, limit: int = 50) -> Page[LogEntry]:
        """Return one page of the history."""
        params = {"cursor": cursor, "limit": limit}
        return decode_page(LogEntry, await self._http.get(f"/images/{image_id}/history", params))
