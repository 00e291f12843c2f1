"""Who asks, and what they may touch: every route takes its caller and its services from here."""

from collections.abc import Callable
from dataclasses import replace
from typing import Annotated, Literal, cast

from fastapi import Depends, Request
from starlette.concurrency import run_in_threadpool

from boxwright.api.guards import Policy, client_address
from boxwright.bootstrap import Application
from boxwright.domain.errors import Forbidden, NotFound, Unauthenticated
from boxwright.domain.ids import is_id
from boxwright.domain.people import Caller, Role, at_least
from boxwright.services.access import Credential

COOKIE = "boxwright_session"
Kind = Literal[
    "project",
    "image",
    "class",
    "version",
    "model",
    "run",
    "run_image",
    "evaluation",
    "job",
    "upload",
    "comment",
    "video",
    "view",
    "split_change",
    "class_change",
    "suspicion",
]


def application_of(request: Request) -> Application:
    """Return the application that `create_app` was given."""
    return cast(Application, request.app.state.application)


def doors_of(request: Request) -> Policy:
    """Return who may connect to this server."""
    return cast(Policy, request.app.state.policy)


async def get_application(request: Request) -> Application:  # async: a plain function would wait for a thread
    """See `application_of`."""
    return application_of(request)


App = Annotated[Application, Depends(get_application)]


async def get_policy(request: Request) -> Policy:
    """See `doors_of`."""
    return doors_of(request)


Doors = Annotated[Policy, Depends(get_policy)]


async def get_caller(request: Request, app: App, doors: Doors) -> Caller:
    """Return the caller behind a bearer token or the session cookie. Raises Unauthenticated."""
    known: Caller | None = getattr(request.state, "caller", None)  # the guard in front of the route has asked
    return await run_in_threadpool(_identify, request, app, doors) if known is None else known


def _identify(request: Request, app: Application, doors: Policy) -> Caller:
    caller = replace(authenticate(request, app), address=client_address(request, doors))
    request.state.caller = caller
    return caller


def authenticate(request: Request, app: Application) -> Caller:
    """Return who the credential of a request belongs to at this moment. Raises Unauthenticated."""
    return app.access.caller(credential_of(request))


def credential_of(request: Request) -> Credential:
    """Return the bearer token or the session cookie of a request. Raises Unauthenticated where it has neither.

    An address never carries one: `?token=` would end up in logs and histories.
    """
    header = request.headers.get("authorization", "")
    if header.lower().startswith("bearer "):
        return Credential("token", header[7:].strip())
    cookie = request.cookies.get(COOKIE)
    if cookie:
        return Credential("session", cookie)
    raise Unauthenticated(
        "sign in first, with a name and password, the link that `boxwright serve` printed, or a token"
    )


Who = Annotated[Caller, Depends(get_caller)]


def get_administrator(caller: Who) -> Caller:
    """Return the caller, who is an administrator. Raises Forbidden."""
    if not caller.admin:
        raise Forbidden("this needs an administrator")
    return caller


Administrator = Annotated[Caller, Depends(get_administrator)]


def check_role(app: Application, caller: Caller, project_id: str | None, needed: Role) -> None:
    """Raise NotFound where the caller may not know of the project, Forbidden where the role is too small."""
    if project_id is None:
        raise NotFound("there is nothing here under this id")
    _check_enough(app.access.role(caller, project_id), needed)


def _check_enough(role: Role, needed: Role) -> None:
    if not at_least(role, needed):
        raise Forbidden(f"this needs the role {needed} in the project")


def in_project(needed: Role) -> Callable[..., None]:
    """Return a dependency for routes with `{project_id}` in their path."""
    return guard("project", needed)


def guard(kind: Kind, needed: Role) -> Callable[..., None]:
    """Return a dependency for routes with `{<kind>_id}` in their path: the role counts in the project that owns it."""

    def check(request: Request, app: App, doors: Doors) -> None:
        thing_id = str(request.path_params[f"{kind}_id"])
        if not is_id(thing_id):
            _identify(request, app, doors)  # nobody learns more than that nobody is signed in
        caller, role = app.access.enter(credential_of(request), kind, known_id(thing_id))
        request.state.caller = replace(caller, address=client_address(request, doors))
        _check_enough(role, needed)

    return check


def known_id(identifier: str) -> str:
    """Return what is an id. Raises NotFound."""
    if not is_id(identifier):
        raise NotFound(f"{identifier[:60]!r} is not an id")
    return identifier
