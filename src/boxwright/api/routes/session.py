"""Signing in and out, and what the server is."""

import shutil
from dataclasses import replace

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from boxwright import __version__
from boxwright.api.deps import COOKIE, Administrator, App, Doors, Who, known_id
from boxwright.api.guards import Policy, client_address, is_this_machine
from boxwright.api.routes import PREFIX
from boxwright.bootstrap import Application
from boxwright.domain.errors import Forbidden
from boxwright.domain.people import Caller, Session, SignInWays
from boxwright.services.access import SESSION_LIFE, Visitor

router = APIRouter(prefix=PREFIX, tags=["session"])


class SignIn(BaseModel):
    """The one-time token from the fragment of the printed link."""

    token: str = Field(max_length=200)


class Password(BaseModel):
    """Name and password of a user."""

    name: str = Field(max_length=200)
    password: str = Field(max_length=2000)


class NewPassword(BaseModel):
    """The password so far, and the one to come."""

    current: str = Field(max_length=2000)
    new: str = Field(max_length=2000)


class Health(BaseModel):
    """Whether the server answers."""

    status: str
    version: str


class System(BaseModel):
    """What this installation can do, and how much room is left."""

    version: str
    can_train: bool
    disk_free: int
    disk_total: int
    data: str


@router.get("/health", operation_id="getHealth")
def health() -> Health:
    """Answer without asking who asks."""
    return Health(status="ok", version=__version__)


@router.get("/sign-in", operation_id="getSignIn")
def ways_to_sign_in(request: Request, app: App, doors: Doors) -> SignInWays:
    """Tell, without asking who asks, whether there are accounts and whether the one-time link works from here."""
    return SignInWays(accounts=app.accounts.exist(), local=is_this_machine(request, doors))


@router.post("/session", operation_id="openSession")
def open_session(body: SignIn, request: Request, response: Response, app: App, doors: Doors) -> Caller:
    """Exchange the one-time token for a cookie; only on the machine itself."""
    if not is_this_machine(request, doors):
        message = "the one-time link works only on the machine that Boxwright runs on; use name and password"
        raise Forbidden(message, code="link_not_local")
    visitor = _visitor(request, doors)
    return _enter(response, app, doors, visitor, app.access.open_session(body.token, visitor))


@router.post("/session/password", operation_id="signIn")
def sign_in(body: Password, request: Request, response: Response, app: App, doors: Doors) -> Caller:
    """Sign in with name and password; 429 `too_many_attempts` says with Retry-After when to try again."""
    visitor = _visitor(request, doors)
    return _enter(response, app, doors, visitor, app.signing_in.sign_in(body.name, body.password, visitor))


@router.put("/session/password", operation_id="changePassword", status_code=204)
def change_password(body: NewPassword, request: Request, app: App, caller: Who) -> None:
    """Set a new password; all other sessions of the caller end."""
    app.signing_in.change_password(caller, body.current, body.new, request.cookies.get(COOKIE, ""))


@router.get("/session", operation_id="getSession")
def who_am_i(caller: Who) -> Caller:
    """Return who is signed in."""
    return caller


@router.post("/session/links", operation_id="createSignInLink", status_code=201)
def create_link(app: App, caller: Administrator, doors: Doors) -> SignIn:
    """Make a fresh one-time token, for an administrator who has lost the printed link."""
    if doors.public_url:
        raise Forbidden("behind a proxy there are no one-time links; sign in with name and password")
    return SignIn(token=app.access.one_time_token())


@router.delete("/session", operation_id="closeSession", status_code=204)
def sign_out(request: Request, response: Response, app: App, caller: Who) -> None:
    """Forget the session."""
    app.access.close_session(request.cookies.get(COOKIE, ""), caller)
    response.delete_cookie(COOKIE, path="/")


@router.get("/sessions", operation_id="listSessions")
def list_sessions(request: Request, app: App, caller: Who) -> tuple[Session, ...]:
    """Return the browsers that are signed in as the caller, newest first."""
    return app.signing_in.sessions(caller, request.cookies.get(COOKIE, ""))


@router.delete("/sessions", operation_id="endOtherSessions", status_code=204)
def end_other_sessions(request: Request, app: App, caller: Who) -> None:
    """Sign all other browsers of the caller out."""
    app.signing_in.end_others(caller, request.cookies.get(COOKIE, ""))


@router.delete("/sessions/{session_id}", operation_id="endSession", status_code=204)
def end_session(session_id: str, app: App, caller: Who) -> None:
    """Sign one browser of the caller out."""
    app.signing_in.end(caller, known_id(session_id))


@router.get("/system", operation_id="getSystem")
def system(app: App, caller: Who) -> System:
    """Return version, abilities and free disk space in bytes; the data folder only for an administrator."""
    usage = shutil.disk_usage(app.settings.data)
    return System(
        version=__version__,
        can_train=app.training.available(),
        disk_free=usage.free,
        disk_total=usage.total,
        data=str(app.settings.data) if caller.admin else "",
    )


def _visitor(request: Request, doors: Policy) -> Visitor:
    return Visitor(
        address=client_address(request, doors),
        agent=request.headers.get("user-agent"),
        cookie=request.cookies.get(COOKIE, ""),
    )


def _enter(response: Response, app: Application, doors: Policy, visitor: Visitor, cookie: str) -> Caller:
    age = int(SESSION_LIFE.total_seconds())
    response.set_cookie(COOKIE, cookie, max_age=age, httponly=True, samesite="strict", secure=doors.secure, path="/")
    return replace(app.access.session_caller(cookie), address=visitor.address)
