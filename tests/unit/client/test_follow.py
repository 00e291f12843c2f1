import json
from typing import Any

import pytest

from boxwright.client import Client, jobs
from boxwright.domain.errors import Unavailable


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "PATIENCE", (0.01, 0.01, 0.01))
    monkeypatch.setattr(jobs, "LOOK_SECONDS", 0.0)


class Work:
    """A training that gets one epoch further with every look, and an event stream as the test scripts it."""

    def __init__(self, *streams: list[str], epochs: int = 4) -> None:
        self.streams, self.epochs, self.epoch = list(streams), epochs, 0
        self.opened: list[str | None] = []

    def __call__(self, request: Any) -> None:
        path = request.path.removeprefix("/api/v1")
        if path == "/events":
            return self.stream(request)
        if path == "/jobs/j":
            self.epoch = min(self.epoch + 1, self.epochs)
            return request.answer(200, self.job())
        if path.startswith("/jobs/j/metrics"):
            after = int(path.partition("after=")[2])
            values = [{"step": n, "name": "train/loss", "value": 1 / n} for n in range(1, self.epoch + 1)]
            return request.answer(200, [item for item in values if item["step"] > after])
        after = int(path.partition("after=")[2])
        lines = [{"number": n, "level": "info", "message": f"epoch {n}", "created_at": "t"} for n in range(self.epoch)]
        return request.answer(200, [item for item in lines if item["number"] > after])

    def stream(self, request: Any) -> None:
        self.opened.append(request.headers.get("last-event-id"))
        if not self.streams:
            return request.drop()
        request.begin("text/event-stream")
        for frame in self.streams.pop(0):
            request.wfile.write(f"{frame}\n\n".encode())
            request.wfile.flush()
        return None

    def job(self) -> dict[str, object]:
        state = "succeeded" if self.epoch == self.epochs else "running"
        nothing = dict.fromkeys(
            ("seconds_left", "result", "error_code", "error", "created_by", "started_at", "finished_at", "heartbeat_at")
        )
        known = {"id": "j", "kind": "train", "project_id": "p", "state": state, "stopping": "", "title": "t"}
        place = {"phase": "epoch", "done": self.epoch, "total": self.epochs, "attempt": 1, "params": {}}
        return {**nothing, **known, **place, "created_at": "t"}


def change(number: int, topic: str = "job", job: str = "j") -> str:
    return f"id: a-{number}\nevent: change\ndata: {json.dumps({'topic': topic, 'id': job, 'project_id': 'p'})}"


def followed(peer: Any, work: Work) -> list[Any]:
    peer.answer = work
    with Client(peer.url) as client:
        return list(client.jobs.follow("j"))


def test_every_piece_of_news_comes_once(peer: Any) -> None:
    work = Work(["retry: 2000", change(1), change(2), change(3), change(4)])
    updates = followed(peer, work)
    assert [update.job.done for update in updates] == [1, 2, 3, 4]
    assert [item.step for update in updates for item in update.metrics] == [1, 2, 3, 4]
    assert [line.number for update in updates for line in update.log] == [0, 1, 2, 3]
    assert updates[-1].job.state == "succeeded"


def test_news_of_others_is_no_reason_to_look(peer: Any) -> None:
    others = [change(2, job="other"), change(3, topic="annotations"), change(4, topic="job.log")]
    work = Work(["retry: 2000", *others, change(5)], epochs=2)
    assert len(followed(peer, work)) == 2
    assert peer.seen.count("GET /api/v1/jobs/j") == 2


def test_gap_and_sign_of_life_are_reasons_to_look(peer: Any) -> None:
    work = Work(["event: resync\ndata: {}", ": still here"], epochs=2)
    assert len(followed(peer, work)) == 2


def test_broken_stream_is_taken_up_again(peer: Any) -> None:
    work = Work(["retry: 2000", change(7)], ["retry: 2000", change(8)], epochs=4)
    assert followed(peer, work)[-1].job.state == "succeeded"
    assert work.opened == [None, "a-7"]


def test_a_server_that_stays_away_is_given_up(peer: Any) -> None:
    work = Work(["retry: 2000"], epochs=9)
    with pytest.raises(Unavailable):
        followed(peer, work)
    assert len(work.opened) == 1 + len(jobs.PATIENCE)


def test_a_finished_job_needs_no_event(peer: Any) -> None:
    work = Work(["retry: 2000"], epochs=1)
    peer.answer = work
    with Client(peer.url) as client:
        assert client.jobs.wait("j").state == "succeeded"
