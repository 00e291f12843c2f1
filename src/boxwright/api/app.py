"""The web application."""

from fastapi import FastAPI
from fastapi.responses import JSONResponse

from boxwright import __version__
from boxwright.api import errors, guards, idempotency, pages
from boxwright.api.routes import (
    accounts,
    agreement,
    annotations,
    architectures,
    assist,
    backup,
    checkups,
    class_changes,
    comments,
    events,
    images,
    jobs,
    members,
    models,
    originals,
    presence,
    projects,
    proposals,
    quality,
    runs,
    session,
    splits,
    statistics,
    suspicions,
    tags,
    tiles,
    tracks,
    training,
    uploads,
    versions,
    videos,
    views,
    work,
)
from boxwright.bootstrap import Application


def create_app(application: Application | None) -> FastAPI:
    """Build the web application; None builds one that only describes itself (OpenAPI)."""
    app = FastAPI(
        title="Boxwright",
        version=__version__,
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        default_response_class=JSONResponse,
    )
    app.state.application = application
    # Routes are tried one after the other: what is asked most often stands first.
    for module in (
        annotations,
        models,
        images,
        tiles,
        presence,
        events,
        session,
        accounts,
        backup,
        projects,
        class_changes,
        statistics,
        suspicions,
        members,
        assist,
        proposals,
        work,
        comments,
        views,
        tags,
        splits,
        checkups,
        originals,
        versions,
        agreement,
        uploads,
        videos,
        tracks,
        jobs,
        architectures,
        training,
        quality,
        runs,
    ):
        # One flat list: routers within routers are searched again and again for every request.
        app.router.routes.extend(module.router.routes)
    errors.install(app)
    if application is not None:
        pages.install(app, application.static_folder)
        app.add_middleware(idempotency.IdempotencyKeys, application=application)
        app.state.policy = guards.policy_of(application.settings)
        app.add_middleware(guards.DoorGuard, policy=app.state.policy)
    app.add_middleware(guards.SecurityHeaders)
    return app
