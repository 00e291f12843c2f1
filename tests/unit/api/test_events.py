import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial

import pytest
from fastapi import Request
from fastapi.testclient import TestClient

from apps import Headers, person
from boxwright import bootstrap
from boxwright.api.routes import events
from boxwright.api.routes.events import RESYNC, Visible
from boxwright.domain.events import Event
from boxwright.domain.people import Caller
from boxwright.services.access import Visitor

Frames = AsyncIterator[str]


def who(application: bootstrap.Application, headers: Headers) -> Callable[[], Caller]:
    return partial(application.access.token_caller, headers["authorization"].removeprefix("Bearer "))


async def here() -> dict[str, str]:
    return {"type": "http.request"}


def listening(
    application: bootstrap.Application, asker: Callable[[], Caller], talk: Callable[[Frames], Awaitable[None]]
) -> None:
    """Open a stream, take its first frame, and hand the rest to `talk`."""

    async def run() -> None:
        stream = events.stream(application, asker, Request({"type": "http", "headers": []}, here), None)
        assert (await anext(stream)).startswith("retry:")
        await talk(stream)
        await stream.aclose()  # type: ignore[attr-defined]

    asyncio.run(asyncio.wait_for(run(), 30))


def about(project_id: str | None, name: str) -> Event:
    return Event(topic="project", project_id=project_id, id=name)


def test_listeners_hear_of_their_own_projects_only(
    application: bootstrap.Application,
    theirs: dict[str, str],
    mine: dict[str, str],
    member: Headers,
    admin: Headers,
) -> None:
    def visible(headers: Headers) -> Visible:
        return Visible(application, who(application, headers))

    assert visible(member)(about(mine["project_id"], "x"))
    assert not visible(member)(about(theirs["project_id"], "x"))
    assert not visible(member)(about(None, "x"))
    assert visible(admin)(about(theirs["project_id"], "x"))
    # Of accounts hears who administers them, and whom they concern.
    own = Event(topic="user", project_id=None, id=who(application, member)().id)
    assert visible(member)(own)
    assert visible(admin)(own)
    assert not visible(member)(Event(topic="user", project_id=None, id="somebody"))


def test_a_stream_needs_a_caller(client: TestClient) -> None:
    assert client.get("/api/v1/events").status_code == 401


def test_a_listener_that_was_too_slow_is_told_to_fetch_anew(application: bootstrap.Application) -> None:
    async def talk(stream: Frames) -> None:
        # More than the queue holds, in one burst: what did not fit must not be lost in silence.
        application.broker.publish(Event(topic="job", project_id=None, id=str(n)) for n in range(events._QUEUE + 5))
        await asyncio.sleep(0.05)
        assert (await anext(stream)).endswith(RESYNC)
        application.broker.publish([Event(topic="job", project_id=None, id="after")])
        assert '"after"' in await anext(stream)

    listening(application, application.access.ensure_local_user, talk)


def test_a_membership_that_is_taken_away_ends_its_events_at_once(
    application: bootstrap.Application, mine: dict[str, str], member: Headers
) -> None:
    project_id = mine["project_id"]
    asker = who(application, member)

    async def talk(stream: Frames) -> None:
        application.broker.publish([about(project_id, "before")])
        assert '"before"' in await anext(stream)
        caller = application.access.ensure_local_user()
        await asyncio.to_thread(application.members.remove, caller, project_id, asker().id)
        assert '"member"' in await anext(stream)
        application.broker.publish([about(project_id, "hidden"), Event(topic="user", project_id=None, id=asker().id)])
        assert '"user"' in await anext(stream)
        await asyncio.to_thread(application.members.set, caller, project_id, asker().id, "viewer")
        application.broker.publish([about(project_id, "shown again")])
        assert '"member"' in await anext(stream)
        assert '"shown again"' in await anext(stream)

    listening(application, asker, talk)


@pytest.mark.parametrize("end", ["token", "disabled", "session", "password"])
def test_a_stream_ends_with_the_right_to_listen(
    application: bootstrap.Application, mine: dict[str, str], end: str
) -> None:
    admin = application.access.ensure_local_user()
    user = application.accounts.create(admin, "ann", "a long password")
    application.members.add(admin, mine["project_id"], "ann", "viewer")
    cookie = application.signing_in.sign_in("ann", "a long password", Visitor())
    caller = application.access.session_caller(cookie)
    token = application.tokens.create(caller, "listen")
    asker = (
        partial(application.access.token_caller, token.token)
        if end == "token"
        else partial(application.access.session_caller, cookie)
    )
    deeds: dict[str, Callable[[], object]] = {
        "token": lambda: application.tokens.revoke(caller, token.id),
        "disabled": lambda: application.accounts.update(admin, user.id, disabled=True),
        "session": lambda: application.access.close_session(cookie, caller),
        "password": lambda: application.accounts.update(admin, user.id, password="another password"),
    }

    async def talk(stream: Frames) -> None:
        await asyncio.to_thread(deeds[end])
        application.broker.publish([about(mine["project_id"], "hidden")])
        with pytest.raises(StopAsyncIteration):
            await anext(stream)

    listening(application, asker, talk)


def test_a_quiet_stream_ends_too(application: bootstrap.Application, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "_KEEP_ALIVE", 0.02)
    headers = person(application, "ann")

    async def talk(stream: Frames) -> None:
        assert (await anext(stream)).startswith(": still here")
        with application.uow.write() as tx:
            user = tx.people.user_named("ann")
            assert user is not None
            tx.credentials.revoke_tokens(user)
        # One more may have been on its way.
        assert len([frame async for frame in stream]) <= 1

    listening(application, who(application, headers), talk)
