"""Labels that are likely wrong."""

from collections.abc import AsyncIterator
from dataclasses import asdict

from boxwright.client.aio.http import Http
from boxwright.client.aio.paging import all_items
from boxwright.client.decode import decode, decode_page
from boxwright.domain.paging import Page
from boxwright.domain.suspicions import (
    Decided,
    DecidedMany,
    Decision,
    LabelCheck,
    Suspicion,
    SuspicionQuery,
    Verdict,
)


class Suspicions:
    """Likely label errors; `jobs.start(LabelCheckRequest(...))` looks for them."""

    def __init__(self, http: Http) -> None:
        self._http = http

    async def check(self, project_id: str) -> LabelCheck:
        """Return the last check, and how many suspicions are left of each kind and class."""
        return decode(LabelCheck, await self._http.get(f"/projects/{project_id}/label-check"))

    def list(self, project_id: str, query: SuspicionQuery | None = None) -> AsyncIterator[Suspicion]:
        """Yield suspicions, the most likely first."""
        return all_items(lambda cursor: self.page(project_id, query, cursor=cursor, limit=500))

    async def page(
        self, project_id: str, query: SuspicionQuery | None = None, *, cursor: str | None = None, limit: int = 100
    ) -> Page[Suspicion]:
        """Return one page of suspicions."""
        params = {**asdict(query or SuspicionQuery()), "cursor": cursor, "limit": limit}
        return decode_page(Suspicion, await self._http.get(f"/projects/{project_id}/suspicions", params))

    async def decide(self, suspicion_id: str, decision: Decision) -> Decided:
        """Accept a suspicion, which changes the annotation, dismiss it, or take that back with `reopen`."""
        body = {"decision": decision}
        return decode(Decided, await self._http.send("POST", f"/suspicions/{suspicion_id}/decision", json=body))

    async def decide_many(
        self,
        project_id: str,
        decision: Verdict,
        query: SuspicionQuery | None = None,
        *,
        dry_run: bool = False,
        expected: int | None = None,
    ) -> DecidedMany:
        """Accept (of one kind) or dismiss all open ones that a query finds, as one step; `dry_run` only counts them.

        With `expected` nothing is done where they are more or fewer by now.
        """
        asked = asdict(query or SuspicionQuery())
        del asked["state"]
        body = {**asked, "decision": decision, "dry_run": dry_run, "expected": expected}
        return decode(
            DecidedMany, await self._http.send("POST", f"/projects/{project_id}/suspicions/decide", json=body)
        )

    async def reopen_many(self, project_id: str, at: str) -> DecidedMany:
        """Take a decision about many back, which its answer names by `at`."""
        path = f"/projects/{project_id}/suspicions/reopen"
        return decode(DecidedMany, await self._http.send("POST", path, json={"at": at}))
