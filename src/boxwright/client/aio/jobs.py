"""Jobs: start one, follow it, stop it, take its files."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import quote

import httpx

from boxwright.client.aio.files import PATIENCE, download
from boxwright.client.aio.http import Http
from boxwright.client.aio.paging import all_items
from boxwright.client.decode import decode, decode_list, decode_page, encode
from boxwright.client.sse import Frames, ServerEvent
from boxwright.client.types import JobUpdate
from boxwright.domain.annotations import RunUndone
from boxwright.domain.errors import Unavailable
from boxwright.domain.exchange import Loss
from boxwright.domain.jobs import FINISHED, Job, JobState, LogLine, Metric
from boxwright.domain.paging import Page
from boxwright.domain.requests import FormatName, JobRequest, Selection

# The server gives a sign of life every 15 seconds; after twice that the line counts as dead.
SILENCE_SECONDS = 35.0
# A training reports many times a second; one look in this time is enough for eyes.
LOOK_SECONDS = 0.25
# Curves whose steps are iterations; those of all others are epochs.
PER_ITERATION = "iter/"
_BROKEN = ("server_unreachable", "server_timeout")


class Jobs:
    """The job queue."""

    def __init__(self, http: Http) -> None:
        self._http = http

    async def start(self, request: JobRequest) -> Job:
        """Queue a training, evaluation, prediction, auto-annotation, import or export."""
        return decode(Job, await self._http.create("/jobs", encode(request)))

    async def page(
        self,
        project_id: str,
        *,
        kind: str | None = None,
        state: JobState | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[Job]:
        """Return one page of a project's jobs, newest first."""
        params = {"kind": kind, "state": state, "cursor": cursor, "limit": limit}
        return decode_page(Job, await self._http.get(f"/projects/{project_id}/jobs", params))

    def all(self, project_id: str, *, kind: str | None = None, state: JobState | None = None) -> AsyncIterator[Job]:
        """Yield a project's jobs, newest first."""
        return all_items(lambda cursor: self.page(project_id, kind=kind, state=state, cursor=cursor))

    async def get(self, job_id: str) -> Job:
        """Return one job."""
        return decode(Job, await self._http.get(f"/jobs/{job_id}"))

    async def metrics(self, job_id: str, after: int = -1) -> tuple[Metric, ...]:
        """Return the values of all curves at steps beyond `after`."""
        return decode_list(Metric, await self._http.get(f"/jobs/{job_id}/metrics", {"after": after}))

    async def log(self, job_id: str, after: int = -1) -> tuple[LogLine, ...]:
        """Return the log lines numbered beyond `after`."""
        return decode_list(LogLine, await self._http.get(f"/jobs/{job_id}/log", {"after": after}))

    async def cancel(self, job_id: str, *, keep: bool = False) -> Job:
        """Stop a job; with `keep` it ends early with what it has, otherwise it is broken off."""
        return decode(Job, await self._http.send("POST", f"/jobs/{job_id}/cancel", json={"keep": keep}))

    async def pause(self, job_id: str) -> Job:
        """Lay a job aside until it is resumed; one that runs writes a checkpoint first."""
        return decode(Job, await self._http.send("POST", f"/jobs/{job_id}/pause"))

    async def resume(self, job_id: str) -> Job:
        """Queue a paused, failed or cancelled job again; it goes on from its last checkpoint."""
        return decode(Job, await self._http.send("POST", f"/jobs/{job_id}/resume"))

    async def undo(self, job_id: str) -> RunUndone:
        """Take back an auto-annotation run or an import; what somebody has worked on since stays."""
        return decode(RunUndone, await self._http.send("POST", f"/jobs/{job_id}/undo"))

    async def download(self, job_id: str, name: str, target: Path) -> Path:
        """Save a file that a job made, such as an export, as `target`; a line that breaks goes on where it broke."""
        return await download(self._http, f"/jobs/{job_id}/files/{quote(name, safe='')}", target, resume=True)

    async def export_losses(
        self, project_id: str, format: FormatName, version_id: str | None = None, selection: Selection | None = None
    ) -> tuple[Loss, ...]:
        """Return what a format cannot hold of a project, or of a part of it."""
        params = {"format": format, "version_id": version_id, **encode(selection or Selection())}
        return decode_list(Loss, await self._http.get(f"/projects/{project_id}/export-losses", params))

    async def wait(self, job_id: str) -> Job:
        """Return the job once it has ended, well or not."""
        async for update in self.follow(job_id):
            job = update.job
        return job

    async def follow(self, job_id: str) -> AsyncIterator[JobUpdate]:
        """Yield what is new whenever the server tells of it; the last update is that of the finished job.

        A stream that breaks is taken up again for a quarter of a minute. Raises Unavailable after that.
        """
        watch = _Watch(self, job_id)
        failures = 0
        last_event: str | None = None
        while True:
            try:
                async with self._stream(last_event) as events:
                    # Looking only after the stream is open leaves no gap in which the end could be missed.
                    async for event in events:
                        last_event = event.id or last_event
                        if failures or watch.wants(event):
                            failures = 0
                            update = await watch.look()
                            yield update
                            if update.job.state in FINISHED:
                                return
            except Unavailable as error:
                if error.code not in _BROKEN or failures >= len(PATIENCE):
                    raise
            else:
                watch.stale = True
            await asyncio.sleep(PATIENCE[min(failures, len(PATIENCE) - 1)])
            failures += 1

    @asynccontextmanager
    async def _stream(self, last_event: str | None) -> AsyncIterator[AsyncIterator[ServerEvent]]:
        headers = {"accept": "text/event-stream", **({"last-event-id": last_event} if last_event else {})}
        async with self._http.stream("/events", headers=headers, silence=SILENCE_SECONDS) as answer:
            yield _events(answer)


async def _events(answer: httpx.Response) -> AsyncIterator[ServerEvent]:
    frames = Frames()
    async for line in answer.aiter_lines():
        event = frames.feed(line)
        if event is not None:
            yield event


class _Watch:
    """What is known of one job, and whether an event says that there is more to know."""

    def __init__(self, jobs: Jobs, job_id: str) -> None:
        self._jobs, self._id = jobs, job_id
        self._looked = -LOOK_SECONDS
        self._line = -1
        self._known: dict[tuple[int, str], float] = {}
        self._epoch = self._iteration = 0
        self.stale = True

    def wants(self, event: ServerEvent) -> bool:
        """Tell whether to look again: at the first sign of a stream, a gap, a sign of life, news of this job."""
        if self.stale or event.name != "change":
            return True
        try:
            data = json.loads(event.data)
        except ValueError:
            return True
        # Curves and log lines come with news of the job itself.
        return bool(data.get("topic") == "job" and data.get("id") == self._id)

    async def look(self) -> JobUpdate:
        """Ask for the job, its new log lines and its curves."""
        await asyncio.sleep(max(0.0, self._looked + LOOK_SECONDS - time.monotonic()))
        job = await self._jobs.get(self._id)
        lines = await self._jobs.log(self._id, self._line)
        metrics = (
            await self._new_metrics(everything=bool(lines) or job.state in FINISHED)
            if job.kind in ("train", "sweep")
            else ()
        )
        self._looked, self.stale = time.monotonic(), False
        self._line = max([self._line, *(line.number for line in lines)])
        return JobUpdate(job=job, metrics=metrics, log=lines)

    async def _new_metrics(self, *, everything: bool) -> tuple[Metric, ...]:
        """Ask for the values of new iterations; with `everything` (each epoch ends with a log line) also of epochs."""
        # The newest step is asked for again: it may have got values of another curve since.
        newest = self._epoch if everything else self._iteration
        found = await self._jobs.metrics(self._id, max(-1, newest - 1))
        news = tuple(item for item in found if self._known.get((item.step, item.name)) != item.value)
        for item in news:
            self._known[item.step, item.name] = item.value
            if item.name.startswith(PER_ITERATION):
                self._iteration = max(self._iteration, item.step)
            else:
                self._epoch = max(self._epoch, item.step)
        return news
