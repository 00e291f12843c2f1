"""The web application."""

from typing import Any

from fastapi import FastAPI
from fastapi.responses import JSONResponse

from boxwright import __version__
from boxwright.api import errors, guards, idempotency, pages
from boxwright.api.later import Later
from boxwright.api.routes import projects, session
from boxwright.bootstrap import Application

# What the first page asks for.
_FIRST = (session, projects)
# What is asked for most often comes first: routes are tried one after the other.
_LATER = (
    "annotations",
    "images",
    "tiles",
    "presence",
    "events",
    "jobs",
    "models",
    "accounts",
    "backup",
    "class_changes",
    "statistics",
    "members",
    "assist",
    "proposals",
    "work",
    "comments",
    "views",
    "tags",
    "splits",
    "checkups",
    "suspicions",
    "similar",
    "originals",
    "versions",
    "agreement",
    "uploads",
    "videos",
    "tracks",
    "architectures",
    "training",
    "quality",
    "runs",
)
_SECONDS = 0.5


class _Described(FastAPI):
    """Tells of all routes, also of those that are not loaded yet."""

    def openapi(self) -> dict[str, Any]:
        """Return the schema of the API."""
        for route in [item for item in self.router.routes if isinstance(item, Later)]:
            route.load()
        return super().openapi()


def create_app(application: Application | None, *, at_once: bool = True) -> FastAPI:
    """Build the web application; None builds one that only describes itself (OpenAPI).

    Not `at_once`, most of its routes load when they are asked for, or a moment later.
    """
    app = _Described(
        title="Boxwright",
        version=__version__,
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        default_response_class=JSONResponse,
    )
    app.state.application = application
    later = Later(app.router, [f"boxwright.api.routes.{name}" for name in _LATER])
    # One flat list: routers within routers are searched again and again for every request.
    app.router.routes.extend([*(route for module in _FIRST for route in module.router.routes), later])
    if at_once:
        later.load()
    else:
        later.load_after(_SECONDS)
    errors.install(app)
    if application is not None:
        pages.install(app, application.static_folder)
        app.add_middleware(idempotency.IdempotencyKeys, application=application)
        app.state.policy = guards.policy_of(application.settings)
        app.add_middleware(guards.DoorGuard, policy=app.state.policy)
    app.add_middleware(guards.SecurityHeaders)
    return app
