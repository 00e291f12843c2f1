"""What a person waits for: start to first answer, a page of 30 images, one annotation saved, beside Label Studio.

    python benchmarks/bench_server.py [--images 5000] [--requests 400]

Both serve 5,000 images with 37,000 boxes from SQLite on this machine, each alone on it, one after the other, and are
asked over HTTP by the same program with 1 and with 8 clients. Every save of Boxwright is on disk when it is answered.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import secrets
import subprocess
import sys
import tempfile
import time
import uuid
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cv2
import httpx
import numpy as np

import rivals
from boxwright import Client
from boxwright.domain.requests import ImportRequest
from measuring import Load, keep, load, table

BOXES_AN_IMAGE = 7.4
PAGE = 30
MAIL = "bench@example.com"


@dataclass
class Product:
    """A running server, and how to ask it for a page and for a save."""

    name: str
    pid: int
    http: list[httpx.Client]
    page: Callable[[int, int], None]
    save: Callable[[int, int], None]
    starts: list[float] = field(default_factory=list)


@contextlib.contextmanager
def serving(command: list[str | Path], env: dict[str, str], ready: Callable[[], bool]) -> Iterator[tuple[int, float]]:
    """Start a server; yields its process id and the seconds until it answered."""
    begin = time.perf_counter()
    process = subprocess.Popen(
        [str(part) for part in command],
        env={**os.environ, **env},
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        while not ready():
            if process.poll() is not None or time.perf_counter() - begin > 300:
                raise SystemExit(f"{command[0]} did not start")
            time.sleep(0.01)
        yield process.pid, time.perf_counter() - begin
    finally:
        process.terminate()
        process.wait(60)


def answers(url: str) -> bool:
    """Tell whether a server answers."""
    try:
        return httpx.get(url, timeout=5).status_code == 200
    except httpx.TransportError:
        return False


def clients(base: str, token: str, count: int = 8) -> list[httpx.Client]:
    """Return HTTP clients, each with a connection of its own."""
    headers = {"authorization": token}
    return [httpx.Client(base_url=base, headers=headers, timeout=120) for _ in range(count)]


def checked(answer: httpx.Response) -> Any:
    """Return the JSON of an answer. Raises SystemExit where it is no success."""
    if not answer.is_success:
        raise SystemExit(f"{answer.request.url}: {answer.status_code} {answer.text[:300]}")
    return answer.json()


def address(data: Path) -> dict[str, str] | None:
    """Return what the server of a data folder says of itself, when it answers."""
    try:
        found: dict[str, str] = json.loads((data / "server.json").read_text())
    except (OSError, ValueError):
        return None
    return found if answers(found["url"] + "/api/v1/health") else None


@contextlib.contextmanager
def boxwright(folder: Path, archive: Path, images: int) -> Iterator[Product]:
    """Serve the dataset with Boxwright."""
    data = folder / "boxwright"
    command: list[str | Path] = [sys.executable, "-m", "boxwright", "serve", "--data", data, "--port", "0", "--private"]
    with serving(command, {}, lambda: address(data) is not None) as (_, first):
        found = address(data)
        assert found is not None
        with Client(found["url"], found["token"], timeout=600) as client:
            project = client.projects.create("bench")
            upload = client.uploads.send(archive)
            job = client.jobs.start(ImportRequest(project_id=project.id, upload_id=upload.id, format="coco"))
            if client.jobs.wait(job.id).state != "succeeded":
                raise SystemExit("the import failed")
            label = client.classes.list(project.id)[0].id
    (data / "server.json").unlink(missing_ok=True)
    with serving(command, {}, lambda: address(data) is not None) as (pid, again):
        found = address(data)
        assert found is not None
        http = clients(found["url"] + "/api/v1", f"Bearer {found['token']}")
        listed = checked(http[0].get(f"/projects/{project.id}/images", params={"limit": 8}))["items"]
        targets = [item["id"] for item in listed]
        revisions = [item["revision"] for item in listed]

        def page(client: int, _: int) -> None:
            items = checked(http[client].get(f"/projects/{project.id}/images", params={"limit": PAGE}))["items"]
            if len(items) != min(PAGE, images):
                raise SystemExit("not a whole page")

        def save(client: int, number: int) -> None:
            box = {"type": "box", "x0": 10 + number % 50, "y0": 10, "x1": 90, "y1": 60}
            shape = {"id": new_id(), "class_id": label, "geometry": box}
            change = {"op": "upsert", "annotation": shape}
            body = {"change_id": new_id(), "base_revision": revisions[client], "changes": [change]}
            revisions[client] = checked(http[client].post(f"/images/{targets[client]}/changes", json=body))["revision"]

        yield Product("Boxwright", pid, http, page, save, [first, again])


def new_id() -> str:
    """Return a UUIDv7 as a browser makes it."""
    value = (int(time.time() * 1000) << 80) | (7 << 76) | secrets.randbits(76)
    return str(uuid.UUID(int=value & ~(3 << 62) | (2 << 62)))


def label_studio_settings(data: Path, token: str, password: str) -> dict[str, str]:
    """Return the environment of a Label Studio with one user, `MAIL`."""
    return {
        "LABEL_STUDIO_BASE_DATA_DIR": str(data),
        "LABEL_STUDIO_USERNAME": MAIL,
        "LABEL_STUDIO_PASSWORD": password,
        "LABEL_STUDIO_USER_TOKEN": token,
        "LABEL_STUDIO_ENABLE_LEGACY_API_TOKEN": "true",
        **dict.fromkeys(("COLLECT_ANALYTICS", "LATEST_VERSION_CHECK"), "False"),
        **dict.fromkeys(("SENTRY_DSN", "FRONTEND_SENTRY_DSN"), ""),
    }


@contextlib.contextmanager
def label_studio(python: Path, folder: Path, images: int) -> Iterator[Product]:
    """Serve as many tasks with Label Studio."""
    token, port = secrets.token_hex(20), 18099
    base = f"http://127.0.0.1:{port}"
    env = label_studio_settings(folder / "label-studio", token, secrets.token_hex(8))
    program = python.with_name("label-studio")
    command: list[str | Path] = [program, "start", "--no-browser", "--port", str(port), "--host", base]
    with serving(command, env, lambda: answers(base + "/health")) as (_, first):
        pass
    with serving(command, env, lambda: answers(base + "/health")) as (pid, again):
        http = clients(base + "/api", f"Token {token}")
        project = fill_label_studio(http[0], images)
        query = {"project": project, "page": 1, "page_size": PAGE, "fields": "all"}
        tasks = [item["id"] for item in checked(http[0].get("/tasks", params=query))["tasks"]]

        def page(client: int, _: int) -> None:
            if len(checked(http[client].get("/tasks", params=query))["tasks"]) != min(PAGE, images):
                raise SystemExit("not a whole page")

        def save(client: int, number: int) -> None:
            checked(http[client].post(f"/tasks/{tasks[client]}/annotations/", json={"result": [region(number)]}))

        yield Product("Label Studio", pid, http, page, save, [first, again])


def fill_label_studio(http: httpx.Client, images: int) -> int:
    """Make a project with as many boxes; returns its id."""
    random = np.random.default_rng(7)
    label = '<RectangleLabels name="label" toName="image"><Label value="a"/></RectangleLabels>'
    config = f'<View><Image name="image" value="$image"/>{label}</View>'
    project = int(checked(http.post("/projects", json={"title": "bench", "label_config": config}))["id"])
    for start in range(0, images, 500):
        tasks = [
            {
                "data": {"image": f"/data/{number}.jpg"},
                "annotations": [{"result": [region(n) for n in range(random.poisson(BOXES_AN_IMAGE))]}],
            }
            for number in range(start, min(start + 500, images))
        ]
        checked(http.post(f"/projects/{project}/import", json=tasks))
    return project


def region(number: int) -> dict[str, object]:
    """Return one box as Label Studio keeps it."""
    value = {"x": 10 + number % 50, "y": 10, "width": 20, "height": 20, "rotation": 0, "rectanglelabels": ["a"]}
    whole = {"original_width": 160, "original_height": 120, "image_rotation": 0}
    return {"type": "rectanglelabels", "from_name": "label", "to_name": "image", **whole, "value": value}


def make_archive(path: Path, images: int) -> None:
    """Write a COCO ZIP of small pictures with boxes."""
    random = np.random.default_rng(7)
    records, objects = [], []
    with zipfile.ZipFile(path, "w") as out:
        for number in range(1, images + 1):
            pixels = cv2.resize(random.integers(0, 256, (6, 8, 3), dtype=np.uint8), (160, 120))
            out.writestr(f"images/{number:06d}.jpg", cv2.imencode(".jpg", pixels)[1].tobytes())
            records.append({"id": number, "file_name": f"{number:06d}.jpg", "width": 160, "height": 120})
            for _ in range(random.poisson(BOXES_AN_IMAGE)):
                box = [int(random.integers(0, 100)), int(random.integers(0, 70)), 40, 30]
                whole = {"image_id": number, "category_id": 1, "bbox": box, "area": 1200, "iscrowd": 0}
                objects.append({"id": len(objects) + 1, **whole})
        document = {"images": records, "annotations": objects, "categories": [{"id": 1, "name": "a"}]}
        out.writestr("annotations/instances_all.json", json.dumps(document))


def measure(product: Product, requests: int) -> dict[str, Load]:
    """Ask for pages and saves, with one client and with eight."""
    found = {}
    for what, request in (("page of 30 images", product.page), ("save one annotation", product.save)):
        for count in (1, 8):
            load(request, clients=count, requests=16, pid=product.pid)  # warm
            found[f"{what}, {count} client{'s' * (count > 1)}"] = load(
                request, clients=count, requests=requests, pid=product.pid
            )
    for client in product.http:
        client.close()
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--images", type=int, default=5000)
    parser.add_argument("--requests", type=int, default=400)
    given = parser.parse_args()
    python = rivals.python("label-studio")
    results: dict[str, tuple[list[float], dict[str, Load]]] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make_archive(folder / "coco.zip", given.images)
        with boxwright(folder, folder / "coco.zip", given.images) as product:
            results[product.name] = (product.starts, measure(product, given.requests))
        if python:
            with label_studio(python, folder, given.images) as product:
                results[product.name] = (product.starts, measure(product, given.requests // 4))
    report(results, given.images)


def report(results: dict[str, tuple[list[float], dict[str, Load]]], images: int) -> None:
    """Print and keep the tables."""
    starts = [[name, *found] for name, (found, _) in results.items()]
    rows: list[list[object]] = []
    for step in results["Boxwright"][1]:
        for name, (_, found) in results.items():
            faster = found[step].p50 / results["Boxwright"][1][step].p50
            rows.append([step, name, found[step].p50, found[step].p95, found[step].rate, found[step].processor, faster])
    head = ("", "", "p50 ms", "p95 ms", "a second", "server processor ms", "p50 / ours")
    first = table(("start to first answer", "first time, s", "again, s"), starts)
    record = {
        name: {"starts": begun, **{k: vars(v) for k, v in found.items()}} for name, (begun, found) in results.items()
    }
    keep("bench_server", f"{images} images\n\n{first}\n\n{table(head, rows)}", record)


if __name__ == "__main__":
    main()
