# Made from aio/work.py by scripts/sync_client.py: change that one, then run `make api`.
"""Who works on which picture, and how far it is."""

from collections.abc import Sequence
from dataclasses import asdict

from boxwright.client.decode import decode, decode_list
from boxwright.client.http import Http
from boxwright.domain.agreement import AgreementReport
from boxwright.domain.annotations import ImageAnnotations
from boxwright.domain.ids import new_id
from boxwright.domain.queries import ImageQuery
from boxwright.domain.workflow import Assigned, Work, WorkAction, WorkQueue

ANY_IMAGE = ImageQuery()


class WorkOnImages:
    """Assignments and reviews."""

    def __init__(self, http: Http) -> None:
        self._http = http

    def queue(self, project_id: str, *, but: str | None = None) -> WorkQueue:
        """Return what waits for whom, and what the caller would open next other than the picture `but`."""
        return decode(WorkQueue, self._http.get(f"/projects/{project_id}/work", {"but": but}))

    def assign(
        self,
        project_id: str,
        user_ids: Sequence[str],
        *,
        image_ids: Sequence[str] | None = None,
        query: ImageQuery = ANY_IMAGE,
    ) -> Assigned:
        """Give pictures to one person, spread them evenly over several, or take them from everybody (no `user_ids`).

        They are those of `image_ids`, else all that match `query`. Raises Invalid (`assignee_invalid`).
        """
        named = None if image_ids is None else [*image_ids]
        body = {"user_ids": [*user_ids], "image_ids": named, "query": asdict(query)}
        return decode(Assigned, self._http.create(f"/projects/{project_id}/assignments", body))

    def assign_twice(
        self,
        project_id: str,
        user_ids: Sequence[str],
        *,
        image_ids: Sequence[str] | None = None,
        query: ImageQuery = ANY_IMAGE,
    ) -> Assigned:
        """Give each picture to two of these people, who label it without seeing each other's work."""
        named = None if image_ids is None else [*image_ids]
        body = {"user_ids": [*user_ids], "image_ids": named, "query": asdict(query)}
        return decode(Assigned, self._http.create(f"/projects/{project_id}/assignments/twice", body))

    def agreement(self, project_id: str) -> AgreementReport:
        """Return how far people agree who labelled the same pictures: by pair and class, and picture by picture."""
        return decode(AgreementReport, self._http.get(f"/projects/{project_id}/agreement"))

    def labeler_sets(self, image_id: str) -> tuple[ImageAnnotations, ...]:
        """Return what each of those who label a picture has drawn."""
        return decode_list(ImageAnnotations, self._http.get(f"/images/{image_id}/labelers"))

    def adopt(self, image_id: str, set_id: str) -> ImageAnnotations:
        """Make what one person has drawn the ground truth of a picture."""
        return decode(ImageAnnotations, self._http.create(f"/images/{image_id}/adopt", {"set_id": set_id}))

    def get(self, image_id: str) -> Work:
        """Return who works on a picture, how far it is, and the newest steps."""
        return decode(Work, self._http.get(f"/images/{image_id}/work"))

    def step(
        self,
        image_id: str,
        action: WorkAction,
        *,
        note: str = "",
        base_revision: int | None = None,
        change_id: str | None = None,
    ) -> Work:
        """Submit a picture or withdraw it, accept it or return it with a `note`, or set it back to new.

        Raises Conflict: `work_conflict` where it is not at `base_revision` any more, `work_state` where the step does
        not follow on its state. Sending the same `change_id` again is harmless.
        """
        body = {"change_id": change_id or new_id(), "action": action, "base_revision": base_revision, "note": note}
        return decode(Work, self._http.create(f"/images/{image_id}/work", body))
