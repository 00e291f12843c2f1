"""Wrong files and wrong requests: one clear line with a stable code, and nothing half done stays behind."""

from __future__ import annotations

import io
import json
import socket
import sqlite3
import struct
import subprocess
import sys
import zipfile
import zlib
from pathlib import Path

import pytest
from PIL import Image

from live import LiveServer
from scenes import make_scene

SCENE = make_scene(7)


def project_of(server: LiveServer) -> str:
    return str(server.http.post("/projects", json={"name": "bad input"}).raise_for_status().json()["id"])


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> LiveServer:
    server = LiveServer(tmp_path_factory.mktemp("bad") / "data").start()
    yield server  # type: ignore[misc]
    server.stop()


@pytest.fixture(scope="module")
def project(shared: LiveServer) -> str:
    return project_of(shared)


def one_line(problem: dict[str, object]) -> None:
    assert problem["code"]
    assert isinstance(problem["title"], str)
    assert "\n" not in problem["title"]
    assert "Traceback" not in problem["title"]


def png_header(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")


BAD_PICTURES = {
    "nothing": b"",
    "text": b"this is no picture",
    "script": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "cut short": SCENE.data[:200],
    "cut in the middle": SCENE.data[: len(SCENE.data) // 2],
    "pixel bomb": png_header(60_000, 60_000),
    "program": b"MZ" + bytes(100),
}


@pytest.mark.parametrize("data", BAD_PICTURES.values(), ids=BAD_PICTURES.keys())
def test_what_is_no_picture_is_refused_and_leaves_nothing(shared: LiveServer, project: str, data: bytes) -> None:
    answer = shared.http.post(f"/projects/{project}/images", params={"name": "x.jpg"}, content=data)
    assert answer.status_code in {413, 422}, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    one_line(answer.json())
    assert shared.http.get(f"/projects/{project}/images").json()["items"] == []
    assert not list((shared.data / "cache" / "incoming").glob("*"))


def test_a_lying_extension_and_equal_bytes_under_two_names_are_taken(server: LiveServer) -> None:
    project = project_of(server)
    buffer = io.BytesIO()
    Image.new("RGB", (20, 10), "red").save(buffer, "PNG")
    first = server.http.post(f"/projects/{project}/images", params={"name": "a.jpg"}, content=buffer.getvalue())
    assert first.json()["image"]["format"].lower() == "png"
    second = server.http.post(f"/projects/{project}/images", params={"name": "b/a.png"}, content=buffer.getvalue())
    assert second.json()["duplicate_of"] == first.json()["image"]["id"]
    again = server.http.post(f"/projects/{project}/images", params={"name": "a.jpg"}, content=buffer.getvalue())
    assert again.json()["image"]["id"] == first.json()["image"]["id"]
    other = server.http.post(f"/projects/{project}/images", params={"name": "a.jpg"}, content=SCENE.data)
    assert (other.status_code, other.json()["code"]) == (409, "name_taken")


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "/etc/passwd", "a/../../b.jpg", "a\x00b.jpg", "C:\\x\\..\\..\\y.jpg"]
)
def test_names_that_climb_never_become_paths(shared: LiveServer, name: str) -> None:
    project = str(shared.http.post("/projects", json={"name": f"climb {name!r}"}).raise_for_status().json()["id"])
    answer = shared.http.post(f"/projects/{project}/images", params={"name": name}, content=SCENE.data)
    if answer.status_code == 422:
        one_line(answer.json())
    else:
        assert ".." not in answer.json()["image"]["name"].split("/")
        assert not answer.json()["image"]["name"].startswith("/")


def test_boxes_are_clipped_or_refused_and_foreign_classes_named(server: LiveServer) -> None:
    project = project_of(server)
    image = server.http.post(f"/projects/{project}/images", params={"name": "a.jpg"}, content=SCENE.data).json()[
        "image"
    ]
    disc = server.http.post(f"/projects/{project}/classes", json={"names": ["disc"]}).json()[0]["id"]
    other = str(server.http.post("/projects", json={"name": "other"}).json()["id"])
    foreign = server.http.post(f"/projects/{other}/classes", json={"names": ["disc"]}).json()[0]["id"]

    def save(number: int, box: list[object], class_id: str) -> tuple[int, dict[str, object]]:
        shape = dict(zip(("x0", "y0", "x1", "y1"), box, strict=True), type="box")
        annotation = {"id": f"01900000-0000-7000-8000-{number:012d}", "class_id": class_id, "geometry": shape}
        base = server.http.get(f"/images/{image['id']}/annotations").json()["revision"]
        body = {
            "change_id": annotation["id"],
            "base_revision": base,
            "changes": [{"op": "upsert", "annotation": annotation}],
        }
        answer = server.http.post(f"/images/{image['id']}/changes", json=body)
        return answer.status_code, answer.json()

    assert save(1, [-10, -10, 500, 40], disc)[0] == 200
    stored = server.http.get(f"/images/{image['id']}/annotations").json()["annotations"][0]["geometry"]
    assert (stored["x0"], stored["y0"], stored["x1"], stored["y1"]) == (0, 0, 128, 40)
    for number, box in enumerate(([10, 10, 10, 20], [20, 20, 10, 30], [200, 200, 300, 300], ["NaN", 0, 5, 5]), 2):
        status, problem = save(number, box, disc)
        assert status == 422, box
        one_line(problem)
    status, problem = save(9, [1, 1, 9, 9], foreign)
    assert (status, problem["code"]) == (422, "class_unknown")
    assert server.http.get(f"/images/{image['id']}/annotations").json()["revision"] == 1


def upload(server: LiveServer, name: str, data: bytes) -> str:
    made = server.http.post("/uploads", json={"name": name, "size": len(data)}).raise_for_status().json()
    server.http.patch(f"/uploads/{made['id']}", content=data, headers={"upload-offset": "0"}).raise_for_status()
    return str(made["id"])


def zipped(**files: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


XXE = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><annotation>&x;</annotation>'
LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "ha">'
    + b"".join(b'<!ENTITY %c "&%c;&%c;&%c;&%c;">' % (98 + i, 97 + i, 97 + i, 97 + i, 97 + i) for i in range(20))
    + b"]><annotation>&u;</annotation>"
)
BAD_ARCHIVES = {
    "no archive": b"PK but not really",
    "empty archive": zipped(),
    "nothing in it": zipped(**{"readme.txt": b"hello"}),
    "climbs": zipped(**{"../../evil.txt": b"x", "a.jpg": SCENE.data}),
    "broken json": zipped(**{"annotations/instances_train.json": b'{"images": [', "a.jpg": SCENE.data}),
    "zip bomb": zipped(**{"a.json": bytes(300 << 20)}),
    "deep json": zipped(**{"instances.json": b"[" * 200_000, "a.jpg": SCENE.data}),
}


@pytest.mark.parametrize("data", BAD_ARCHIVES.values(), ids=BAD_ARCHIVES.keys())
def test_a_dataset_that_cannot_be_read_fails_in_one_line(shared: LiveServer, project: str, data: bytes) -> None:
    body = {"kind": "import", "project_id": project, "upload_id": upload(shared, "data.zip", data)}
    job = shared.wait_for_job(shared.http.post("/jobs", json=body).raise_for_status().json()["id"])
    assert job["state"] == "failed"
    one_line({"code": job["error_code"], "title": job["error"]})
    assert job["error_code"] != "internal_error", job["error"]
    assert shared.http.get(f"/projects/{project}/images").json()["items"] == []
    assert not (shared.data.parent / "evil.txt").exists()


@pytest.mark.parametrize("xml", [XXE, LAUGHS, b"<annotation><obj", b"\xff\xfe nonsense"])
def test_hostile_xml_is_reported_and_read_by_nobody(server: LiveServer, xml: bytes) -> None:
    project = project_of(server)
    data = zipped(**{"Annotations/a.xml": xml, "JPEGImages/a.jpg": SCENE.data})
    body = {"kind": "import", "project_id": project, "upload_id": upload(server, "voc.zip", data), "format": "voc"}
    job = server.wait_for_job(server.http.post("/jobs", json=body).raise_for_status().json()["id"])
    assert "root:" not in json.dumps(job)
    if job["state"] == "succeeded":
        problems = job["result"]["report"]["problems"]  # type: ignore[index]
        assert any("a.xml" in item["file"] for item in problems)
    else:
        assert "a.xml" in str(job["error"])


@pytest.mark.parametrize(
    "request_body",
    [
        {"kind": "train", "hyper": {"epochs": 0}},
        {"kind": "train", "hyper": {"epochs": "many"}},
        {"kind": "train", "hyper": {"image_size": 333}},
        {"kind": "train", "hyper": {"no_such_parameter": 1}},
        {"kind": "train", "architecture": "no-such-net"},
        {"kind": "train"},
        {"kind": "evaluate", "model_id": "01900000-0000-7000-8000-000000000000"},
        {"kind": "dance"},
        {},
    ],
)
def test_wrong_parameters_are_refused_before_a_job_exists(
    shared: LiveServer, project: str, request_body: dict[str, object]
) -> None:
    before = shared.http.get(f"/projects/{project}/jobs").json()["items"]
    answer = shared.http.post("/jobs", json={**request_body, "project_id": project})
    assert answer.status_code in {404, 422}, answer.text
    one_line(answer.json())
    assert shared.http.get(f"/projects/{project}/jobs").json()["items"] == before


@pytest.mark.parametrize(
    "data",
    [b"no model", zipped(**{"model.onnx": b"nonsense", "card.json": b"{}"}), zipped(**{"model.pt": b"\x80\x02."})],
)
def test_a_model_file_that_is_no_model_is_refused(shared: LiveServer, project: str, data: bytes) -> None:
    body = {"upload_id": upload(shared, "model.zip", data)}
    answer = shared.http.post(f"/projects/{project}/models", json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, "model_unreadable")
    one_line(answer.json())
    assert shared.http.get(f"/projects/{project}/models").json()["items"] == []


def run_serve(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "boxwright", "serve", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=180, stdin=subprocess.DEVNULL, check=False)


def assert_refused(done: subprocess.CompletedProcess[str], *words: str) -> None:
    assert done.returncode in {1, 2}, done.stderr
    assert done.stderr.startswith("error: "), done.stderr
    assert done.stderr.count("\n") == 1, done.stderr
    for word in words:
        assert word in done.stderr


def test_a_second_server_on_the_same_data_is_refused(shared: LiveServer) -> None:
    assert_refused(run_serve("--data", str(shared.data), "--port", "0"), str(shared.process.pid))  # type: ignore[union-attr]
    assert shared.http.get("/session").is_success


def test_a_taken_port_is_named(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        assert_refused(run_serve("--data", str(tmp_path / "data"), "--port", port), port, "--port")


def test_an_address_beyond_this_machine_is_refused(tmp_path: Path) -> None:
    assert_refused(run_serve("--data", str(tmp_path / "data"), "--host", "0.0.0.0"), "0.0.0.0")


def test_a_newer_database_is_left_alone(server: LiveServer) -> None:
    server.stop()
    database = server.data / "boxwright.db"
    with sqlite3.connect(database) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999_from_the_future'")
    connection.close()
    before = database.read_bytes()
    assert_refused(run_serve("--data", str(server.data), "--port", "0"), "newer")
    assert database.read_bytes() == before
