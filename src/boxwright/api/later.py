"""Routes that load when the server answers already: half of a start was spent on what nobody asks for first."""

import threading
from collections.abc import Sequence
from importlib import import_module

from starlette.concurrency import run_in_threadpool
from starlette.routing import BaseRoute, Match, Router
from starlette.types import Receive, Scope, Send

from boxwright.api.routes import PREFIX


class Later(BaseRoute):
    """Stands where the routes of some modules will stand. A request that could be for one of them waits for all.

    Args:
        router: whose routes they will be, in one flat list.
        modules: names of modules with a `router`.
    """

    def __init__(self, router: Router, modules: Sequence[str]) -> None:
        self._router, self._modules = router, modules
        self._lock = threading.Lock()

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Match whatever of the API is known to no route before this one."""
        mine = scope["type"] == "http" and scope["path"].startswith(PREFIX)
        return (Match.FULL if mine else Match.NONE), {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Load the routes and ask all of them."""
        await run_in_threadpool(self.load)
        await self._router(scope, receive, send)

    def load(self) -> None:
        """Put the routes before those that are there already, instead of this one."""
        with self._lock:
            if self in self._router.routes:
                loaded = [route for name in self._modules for route in import_module(name).router.routes]
                # A new list: a request that is just going through the old one meets this route at its end.
                self._router.routes = [*loaded, *(route for route in self._router.routes if route is not self)]

    def load_after(self, seconds: float) -> None:
        """Load without being asked, once the first answers are given."""
        timer = threading.Timer(seconds, self.load)
        timer.daemon = True
        timer.start()
