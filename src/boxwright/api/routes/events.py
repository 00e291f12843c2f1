"""Server-Sent Events: one stream a tab, resumed by Last-Event-ID."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import asdict
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query, Request
from fastapi.responses import StreamingResponse
from starlette.concurrency import run_in_threadpool

from boxwright.api.deps import App, authenticate, get_caller
from boxwright.api.routes import PREFIX
from boxwright.bootstrap import Application
from boxwright.domain.errors import BoxwrightError, NotFound
from boxwright.domain.events import Event
from boxwright.domain.people import Caller
from boxwright.services.broker import Numbered

router = APIRouter(prefix=PREFIX, tags=["events"])
_KEEP_ALIVE = 15.0
_QUEUE = 1000
_ROLE_TTL = 30.0
RESYNC = "event: resync\ndata: {}\n\n"


class Visible:
    """Which events a caller may hear of.

    Whether the credential still holds is asked every quarter of a minute and whenever somebody's account changes, which
    roles there are every half minute and whenever a membership changes: so what was taken away is not sent any more.
    """

    def __init__(self, app: Application, who: Callable[[], Caller]) -> None:
        self._app, self._who = app, who
        self._caller = who()
        self._checked = time.monotonic()
        self._known: dict[str, tuple[float, bool]] = {}

    def check(self) -> None:
        """Ask anew who listens, and what. Raises Unauthenticated where the session or token has ended."""
        self._known.clear()
        self._caller = self._who()
        self._checked = time.monotonic()

    def __call__(self, event: Event) -> bool:
        """Tell whether an event may be sent. Raises Unauthenticated where the session or token has ended."""
        if event.topic in ("user", "member") or self._checked < time.monotonic() - _KEEP_ALIVE:
            self.check()
        mine = event.topic in ("user", "member") and event.id == self._caller.id
        return mine or self._sees(event.project_id)

    def _sees(self, project_id: str | None) -> bool:
        if project_id is None or self._caller.admin:
            return self._caller.admin
        until, visible = self._known.get(project_id, (0.0, False))
        if until < time.monotonic():
            visible = self._ask(project_id)
            self._known[project_id] = (time.monotonic() + _ROLE_TTL, visible)
        return visible

    def _ask(self, project_id: str) -> bool:
        try:
            self._app.access.role(self._caller, project_id)
        except NotFound:
            return False
        return True


async def stream(
    app: Application, who: Callable[[], Caller], request: Request, last: str | None, age: float = 0.0
) -> AsyncIterator[str]:
    """Yield frames until the listener leaves, may not listen any more (`who` raises), or the server stops."""
    loop = asyncio.get_running_loop()
    queue: asyncio.Queue[Numbered] = asyncio.Queue(_QUEUE)
    dropped = asyncio.Event()

    def put(item: Numbered) -> None:
        if queue.full():
            dropped.set()
        else:
            queue.put_nowait(item)

    def listener(item: Numbered) -> None:
        loop.call_soon_threadsafe(put, item)

    since = app.broker.subscribe(listener, last, age)
    try:
        visible = await run_in_threadpool(Visible, app, who)
        yield RESYNC if since is None else f"retry: 2000\nid: {since}\n\n"
        while not app.stopping.is_set() and not await request.is_disconnected():
            try:
                item = await asyncio.wait_for(queue.get(), _KEEP_ALIVE)
            except TimeoutError:
                await run_in_threadpool(visible.check)
                yield ": still here\n\n"
                continue
            if dropped.is_set():
                dropped.clear()
                while not queue.empty():
                    item = queue.get_nowait()
                await run_in_threadpool(visible.check)
                yield f"id: {item.id}\n{RESYNC}"
            elif await run_in_threadpool(visible, item.event):
                yield f"id: {item.id}\nevent: change\ndata: {json.dumps(asdict(item.event))}\n\n"
    except BoxwrightError:
        return  # the browser opens a new stream, and is told why it cannot or gets on
    finally:
        app.broker.unsubscribe(listener)


@router.get(
    "/events",
    operation_id="streamEvents",
    response_class=StreamingResponse,
    dependencies=[Depends(get_caller)],
)
async def events(
    request: Request,
    app: App,
    last_event_id: Annotated[str | None, Header(max_length=100)] = None,
    age: Annotated[float, Query(ge=0, allow_inf_nan=False)] = 0.0,
) -> StreamingResponse:
    """Stream committed changes; after a gap a `resync` event says: fetch everything anew.

    A page that has read for `age` seconds before it listens is told first what was committed meanwhile.
    """
    headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
    return StreamingResponse(
        stream(app, partial(authenticate, request, app), request, last_event_id, age),
        media_type="text/event-stream",
        headers=headers,
    )
