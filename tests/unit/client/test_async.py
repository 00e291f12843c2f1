"""The asynchronous client against a real server; the synchronous one is made from it and has the other tests."""

from __future__ import annotations

import asyncio
import inspect
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import boxwright.client.aio.api
import boxwright.client.api
from boxwright import AsyncClient
from boxwright.domain.errors import Conflict, Invalid, NotFound, Unavailable
from boxwright.domain.requests import ExportRequest
from live import LiveServer
from scenes import make_scene


def run(work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    asyncio.run(work())


def members(module: ModuleType) -> dict[str, list[str]]:
    """Public methods with their parameters, by class."""
    found = {}
    for name, kind in inspect.getmembers(module, inspect.isclass):
        if kind.__module__ == module.__name__:
            methods = inspect.getmembers(kind, inspect.isroutine)
            found[name.removeprefix("Async")] = [
                f"{key}{tuple(inspect.signature(item).parameters)}"
                for key, item in methods
                if not key.startswith("_") and key not in ("close", "aclose")
            ]
    return found


def test_both_clients_offer_the_same() -> None:
    names = {path.stem for path in Path(boxwright.client.aio.api.__file__).parent.glob("*.py")} - {"__init__", "paging"}
    for name in sorted(names):
        ours, theirs = sys.modules[f"boxwright.client.aio.{name}"], sys.modules[f"boxwright.client.{name}"]
        assert members(ours) == members(theirs) != {}, name


def test_many_calls_at_once(server: LiveServer, tmp_path: Path) -> None:
    files = []
    for number in range(6):
        scene = make_scene(number, name=f"{number}.jpg")
        files.append(tmp_path / scene.name)
        files[-1].write_bytes(scene.data)

    async def work() -> None:
        async with AsyncClient(server.address["url"], server.address["token"]) as client:
            assert (await client.health()).status == "ok"
            project = await client.projects.create("together")
            uploaded = await asyncio.gather(*(client.images.upload(project.id, path) for path in files))
            assert {item.image.name for item in uploaded} == {path.name for path in files}
            seen = [image.name async for image in client.images.all(project.id)]
            assert sorted(seen) == sorted(path.name for path in files)
            saved = await client.images.download(uploaded[3].image.id, tmp_path / "back.jpg")
            assert saved.read_bytes() == files[3].read_bytes()
            job = await client.jobs.start(ExportRequest(project_id=project.id, format="coco"))
            updates = [update async for update in client.jobs.follow(job.id)]
            assert updates[-1].job.state == "succeeded"
            assert (await client.jobs.wait(job.id)).state == "succeeded"
            upload = await client.uploads.send(files[0], chunk=1000)
            assert upload.received == upload.size
            with pytest.raises(Conflict):
                await client.projects.create("together")
            with pytest.raises(NotFound):
                await client.projects.get("01900000-0000-7000-8000-000000000000")

    run(work)


def test_a_server_that_is_not_there() -> None:
    async def work() -> None:
        async with AsyncClient("http://127.0.0.1:9", "x") as client:
            with pytest.raises(Unavailable, match="is it running"):
                await client.me()
        with pytest.raises(Invalid):
            AsyncClient("ftp://nowhere")

    run(work)
