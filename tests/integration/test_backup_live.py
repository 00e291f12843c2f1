"""Backups of a server that works, restored and put to work; kill -9 in the middle of both."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from boxwright import bootstrap
from boxwright.cli.main import run
from boxwright.domain.errors import Unavailable
from boxwright.domain.ids import new_id
from boxwright.settings import Settings
from boxwright.storage.engine import open_engine
from copies import Copy, compare, contents, fill, saved
from dying import dies
from live import LiveServer
from scenes import make_scene
from showroom import PASSWORD
from tiny_onnx import write_tiny_archive

Start = Callable[..., LiveServer]
pytestmark = pytest.mark.crash


def typed(capsys: pytest.CaptureFixture[str], *arguments: object) -> Any:
    capsys.readouterr()
    code = run([*map(str, arguments), "--json"])
    captured = capsys.readouterr()
    assert code == 0, captured.err
    return json.loads(captured.out)


def add_model(server: LiveServer, project: str, folder: Path) -> str:
    data = write_tiny_archive(folder / "tiny.zip").read_bytes()
    upload = server.http.post("/uploads", json={"name": "tiny.zip", "size": len(data)}).raise_for_status().json()["id"]
    server.http.patch(f"/uploads/{upload}", content=data, headers={"upload-offset": "0"}).raise_for_status()
    answer = server.http.post(f"/projects/{project}/models", json={"upload_id": upload})
    return str(answer.raise_for_status().json()["id"])


def box_change(label: str, base: int) -> dict[str, object]:
    geometry = {"type": "box", "x0": 1, "y0": 2, "x1": 30, "y1": 40}
    change = {"op": "upsert", "annotation": {"id": new_id(), "class_id": label, "geometry": geometry}}
    return {"change_id": new_id(), "base_revision": base, "changes": [change]}


class Writer(threading.Thread):
    """Adds images and annotates them, as fast as it goes, until it is told to end."""

    def __init__(self, server: LiveServer, project: str, number: int) -> None:
        super().__init__()
        self.server, self.project, self.number = server, project, number
        self.enough, self.busy = threading.Event(), threading.Event()

    def run(self) -> None:
        headers = {"authorization": f"Bearer {self.server.address['token']}"}
        with httpx.Client(base_url=self.server.http.base_url, headers=headers, timeout=60) as http:
            label = http.get(f"/projects/{self.project}/classes").json()[0]["id"]
            count = 0
            while not self.enough.is_set():
                scene = make_scene(1000 * self.number + count % 20, size=(64, 48), name=f"{self.number}/{count}.jpg")
                address = f"/projects/{self.project}/images"
                image = http.post(address, params={"name": scene.name}, content=scene.data).raise_for_status().json()
                for base in range(3):
                    changes = box_change(label, base)
                    http.post(f"/images/{image['image']['id']}/changes", json=changes).raise_for_status()
                count += 1
                if count > 3:
                    self.busy.set()


def test_saved_while_people_work_and_put_to_work_elsewhere(
    tmp_path: Path, start_server: Start, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = Settings(data=tmp_path / "first"), Settings(data=tmp_path / "second")
    filled = fill(first)
    server = start_server(first.data)
    model = add_model(server, filled.ids["project"], tmp_path)
    writers = [Writer(server, filled.ids["project"], number) for number in (1, 2)]
    for writer in writers:
        writer.start()
    try:
        assert all(writer.busy.wait(60) for writer in writers)
        made = [typed(capsys, "backup", "--data", first.data, "--out", tmp_path / f"{n}.tar") for n in range(2)]
    finally:
        for writer in writers:
            writer.enough.set()
        for writer in writers:
            writer.join()
    assert made[1]["rows"]["images"] >= made[0]["rows"]["images"] > 0
    assert Path(made[1]["file"]).stat().st_mode & 0o777 == 0o600
    server.stop()

    report = typed(capsys, "restore", tmp_path / "1.tar", "--data", second.data)
    assert report["backup"]["sha256"] == made[1]["sha256"]
    consistent(second)
    works(start_server(second.data), filled.ids, filled.token, model)


def consistent(settings: Settings) -> None:
    """What was saved is one moment: no key leads nowhere, revisions and counts are those of the log and the rows."""
    engine = open_engine(settings.database_url)
    with engine.connect() as connection:
        assert not connection.execute(sa.text("PRAGMA foreign_key_check")).all()
        wrong = """SELECT i.id FROM images i JOIN annotation_sets s
            ON s.project_id = i.project_id AND s.kind = 'ground_truth'
            WHERE i.revision <> (SELECT count(DISTINCT revision) FROM change_log
                                 WHERE image_id = i.id AND set_id = s.id)
            OR i.annotations <> (SELECT count(*) FROM annotations WHERE image_id = i.id AND set_id = s.id
                                 AND deleted_at IS NULL AND state <> 'proposal')"""
        assert not connection.execute(sa.text(wrong)).all()
    engine.dispose()


def works(server: LiveServer, ids: dict[str, str], token: str, model: str) -> None:
    """Do what people do."""
    api = server.address["url"] + "/api/v1"
    answer = httpx.post(f"{api}/session/password", json={"name": "ann", "password": PASSWORD})
    assert answer.is_success, answer.text
    assert httpx.post(f"{api}/session/password", json={"name": "ann", "password": "wrong"}).status_code == 401
    headers = {"authorization": f"Bearer {token}"}
    assert httpx.get(f"{api}/session", headers=headers).json()["name"] == "local"
    label = server.http.get(f"/projects/{ids['project']}/classes").json()[0]["id"]
    image = httpx.get(f"{api}/images/{ids['image']}", headers=headers).json()
    change = box_change(label, image["revision"])
    saved_ = httpx.post(f"{api}/images/{ids['image']}/changes", json=change, headers=headers).raise_for_status()
    assert saved_.json()["revision"] == image["revision"] + 1
    picture = server.http.get(f"/images/{ids['image']}/file").raise_for_status().content
    assert server.http.get(f"/images/{ids['image']}/thumbnail").is_success
    found = server.http.post(f"/models/{model}/predict", content=picture).raise_for_status().json()
    assert len(found["detections"]) == 2


BLOBS = "from boxwright.storage.blobs import ObjectBlobs as B; B.put_bytes = after(B.put_bytes, {count})"
ROWS = (
    "from boxwright.storage.repositories.snapshots import SnapshotRepository as S; S.insert = after(S.insert, {count})"
)
COMMITTED = "Path.unlink = die"
PARTLY = "os.fsync = die"


def test_a_backup_that_is_killed_leaves_no_file_of_its_name(tmp_path: Path, start_server: Start) -> None:
    settings = Settings(data=tmp_path / "first")
    fill(settings)
    start_server(settings.data)
    dies(PARTLY, "backup", "--data", settings.data, "--out", tmp_path / "out" / "all.tar")
    left = list((tmp_path / "out").iterdir())
    assert left, "it died before it began to write"
    assert not (tmp_path / "out" / "all.tar").exists()
    assert all(path.name.startswith(".all.tar.") and path.name.endswith(".part") for path in left)
    assert run(["backup", "--data", str(settings.data), "--out", str(tmp_path / "out" / "all.tar")]) == 0


@pytest.mark.parametrize(
    "point", [ROWS.format(count=0), ROWS.format(count=9), BLOBS.format(count=0), BLOBS.format(count=4)]
)
def test_a_restore_that_is_killed_says_so_and_is_done_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], point: str
) -> None:
    first, second = Settings(data=tmp_path / "first"), Settings(data=tmp_path / "second")
    filled = fill(first)
    archive = saved(first, tmp_path / "all.tar")
    dies(point, "restore", archive, "--data", second.data)
    with pytest.raises(Unavailable) as caught:
        bootstrap.build(second)
    assert caught.value.code == "half_restored"
    assert "\n" not in caught.value.message
    assert run(["project", "list", "--data", str(second.data)]) == 1
    assert "half restored" in capsys.readouterr().err
    Copy(archive).restore(second)
    compare(contents(first), contents(second), interrupted=filled.unfinished)
    bootstrap.build(second).close()


def test_killed_after_the_commit_it_is_whole(tmp_path: Path) -> None:
    first, second = Settings(data=tmp_path / "first"), Settings(data=tmp_path / "second")
    filled = fill(first)
    archive = saved(first, tmp_path / "all.tar")
    point = "import boxwright.storage.unit_of_work as u, boxwright.services.restoring as r\nclass P(type(Path())):\n"
    point += "    def unlink(self, *a, **k):\n        die() if self.name == r.MARK else super().unlink(*a, **k)\n"
    point += "import boxwright.settings as s\nload = s.load\n"
    point += "def mine(data=None, **o):\n    import dataclasses\n    found = load(data, **o)\n"
    point += "    return dataclasses.replace(found, data=P(found.data))\n"
    point += "import boxwright.cli.commands.backup as b\nb.load = mine\n"
    dies(point, "restore", archive, "--data", second.data)
    assert (second.data / "restoring.json").exists()
    bootstrap.build(second).close()
    assert not (second.data / "restoring.json").exists()
    compare(contents(first), contents(second), interrupted=filled.unfinished)
