from pathlib import Path
from typing import Any

import pytest

from boxwright.client import Client, files
from boxwright.domain.errors import Conflict, Invalid, NotFound, Unavailable
from file_server import file_server

CONTENT = bytes(range(256)) * 40


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "PATIENCE", (0.01, 0.01, 0.01))


class Shelf:
    """Keeps one upload, and loses the line as the test wishes."""

    def __init__(self) -> None:
        self.data = bytearray()
        self.size = 0
        # What happens to the next PATCH requests: "before" and "after" drop the line on either side of keeping.
        self.mishaps: list[str] = []

    def __call__(self, request: Any) -> None:
        if request.command == "POST":
            request.body()
            self.size = len(CONTENT)
        elif request.command == "PATCH":
            body, offset = request.body(), int(request.headers["upload-offset"])
            mishap = self.mishaps.pop(0) if self.mishaps else ""
            if mishap == "before":
                return request.drop()
            if offset != len(self.data):
                return request.problem(409, "offset_mismatch", received=len(self.data))
            self.data += body
            if mishap == "after":
                return request.drop()
        request.answer(200, self.state())
        return None

    def state(self) -> dict[str, object]:
        return {"id": "u", "name": "a", "size": self.size, "received": len(self.data), "created_at": "t"}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "a.zip"
    path.write_bytes(CONTENT)
    return path


@pytest.mark.parametrize("mishaps", [[], ["before"], ["after"], ["", "before", "after", "before", "", "after"]])
def test_upload_survives_drops(peer: Any, file: Path, mishaps: list[str]) -> None:
    shelf = peer.answer = Shelf()
    shelf.mishaps = mishaps
    seen: list[int] = []
    with Client(peer.url) as client:
        upload = client.uploads.send(file, chunk=1000, progress=lambda done, total: seen.append(done))
    assert bytes(shelf.data) == CONTENT
    assert upload.received == upload.size == seen[-1] == len(CONTENT)
    assert seen == sorted(seen)


def test_upload_goes_on_where_it_was(peer: Any, file: Path) -> None:
    shelf = peer.answer = Shelf()
    shelf.mishaps = ["", "", *["before"] * 10]
    with Client(peer.url) as client:
        with pytest.raises(Unavailable):
            client.uploads.send(file, chunk=1000)
        shelf.mishaps = []
        client.uploads.send(file, upload=client.uploads.get("u"), chunk=1000)
    assert bytes(shelf.data) == CONTENT


def test_refused_piece_is_not_sent_again(peer: Any, file: Path) -> None:
    shelf = Shelf()

    def answer(request: Any) -> None:
        if request.command == "PATCH":
            request.body()
            return request.problem(507, "storage_full")
        return shelf(request)

    peer.answer = answer
    with Client(peer.url) as client, pytest.raises(Unavailable, match="storage_full"):
        client.uploads.send(file)
    assert sum(line.startswith("PATCH") for line in peer.seen) == 1


def test_files_that_cannot_be_sent(peer: Any, tmp_path: Path, file: Path) -> None:
    peer.answer = Shelf()
    (tmp_path / "empty").touch()
    with Client(peer.url) as client:
        with pytest.raises(Invalid, match="is empty"):
            client.uploads.send(tmp_path / "empty")
        with pytest.raises(NotFound):
            client.uploads.send(tmp_path / "gone")
        with pytest.raises(Invalid, match="cannot read"):
            client.uploads.send(tmp_path)
        upload = client.uploads.create("a", 1)
        file.write_bytes(b"other")
        with pytest.raises(Invalid, match="has 5 bytes"):
            client.uploads.send(file, upload=upload)


def test_file_that_shrinks_is_noticed(peer: Any, file: Path) -> None:
    peer.answer = Shelf()
    with Client(peer.url) as client, pytest.raises(Conflict, match="became shorter"):
        client.uploads.send(file, chunk=1000, progress=lambda done, total: file.write_bytes(b"x"))


def test_download_is_whole_or_absent(peer: Any, tmp_path: Path) -> None:
    length = len(CONTENT)

    def answer(request: Any) -> None:
        request.begin("application/zip", length)
        request.wfile.write(CONTENT)

    peer.answer = answer
    target = tmp_path / "new" / "m.zip"
    with Client(peer.url) as client:
        assert client.models.download("m", target).read_bytes() == CONTENT
        length += 1
        with pytest.raises(Unavailable):
            client.models.download("m", target)
        assert target.read_bytes() == CONTENT
        peer.answer = lambda request: request.problem(404, "not_found")
        with pytest.raises(NotFound):
            client.models.download("m", tmp_path / "other.zip")
    assert [item.name for item in target.parent.iterdir()] == ["m.zip"]
    assert sorted(item.name for item in tmp_path.iterdir()) == ["new"]


def test_download_into_a_place_that_is_none(peer: Any, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with Client(peer.url) as client, pytest.raises(Invalid, match="cannot write"):
        client.models.download("m", tmp_path / "file" / "m.zip")


def test_a_file_of_a_job_goes_on_where_the_line_broke(tmp_path: Path) -> None:
    with file_server() as served, Client(served.base) as client:
        served.contents["/api/v1/jobs/j/files/a.zip"] = CONTENT
        served.cuts = [1000, 500, 0, 0, 200]
        assert client.jobs.download("j", "a.zip", tmp_path / "a.zip").read_bytes() == CONTENT
        assert [asked for *_, asked in served.asked] == [
            "", "bytes=1000-", "bytes=1500-", "bytes=1500-", "bytes=1500-", "bytes=1700-",
        ]  # fmt: skip
        served.cuts = [0] * 9
        with pytest.raises(Unavailable):
            client.jobs.download("j", "a.zip", tmp_path / "b.zip")
    assert [item.name for item in tmp_path.iterdir()] == ["a.zip"]
