# Made from aio/splits.py by scripts/sync_client.py: change that one, then run `make api`.
"""Splits of a whole project."""

from boxwright.client.decode import decode, decode_list, encode
from boxwright.client.http import Http
from boxwright.domain.splits import LeakReport, SplitChange, SplitPlan, SplitPreview


class Splits:
    """Deals the images of a project out to train, val and test."""

    def __init__(self, http: Http) -> None:
        self._http = http

    def preview(self, project_id: str, plan: SplitPlan) -> SplitPreview:
        """Return what a plan would do; nothing changes."""
        answer = self._http.send("POST", f"/projects/{project_id}/splits/preview", json=encode(plan))
        return decode(SplitPreview, answer)

    def make(self, project_id: str, plan: SplitPlan, digest: str | None = None) -> SplitChange:
        """Carry a plan out, all or none; with the `digest` of a preview nothing else than that is done.

        Raises Conflict (`plan_outdated`) where the images have changed since the preview.
        """
        body = {**encode(plan), "digest": digest}
        return decode(SplitChange, self._http.create(f"/projects/{project_id}/splits", body))

    def history(self, project_id: str) -> tuple[SplitChange, ...]:
        """Return the last changes, newest first."""
        return decode_list(SplitChange, self._http.get(f"/projects/{project_id}/splits"))

    def undo(self, change_id: str) -> SplitChange:
        """Take a change back, as one more change; what somebody has moved since stays."""
        return decode(SplitChange, self._http.send("POST", f"/split-changes/{change_id}/undo"))

    def leaks(self, project_id: str) -> LeakReport:
        """Return what lies in several of train, val and test at once."""
        return decode(LeakReport, self._http.get(f"/projects/{project_id}/leaks"))
