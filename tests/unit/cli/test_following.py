"""What the keyboard and the server's fate do to a command that waits for a job."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from boxwright.cli.failures import Interrupted, JobFailed, exit_code
from boxwright.cli.following import follow
from boxwright.client import JobUpdate
from boxwright.domain.errors import Unauthenticated, Unavailable
from boxwright.domain.jobs import Job, JobState, LogLine

JOB = Job(
    id="j", kind="train", project_id="p", state="running", stopping="", title="Train x", phase="training", done=1,
    total=4, seconds_left=120.0, attempt=1, params={}, result=None, error_code=None, error=None, created_by=None,
    created_at="t", started_at="t", finished_at=None, heartbeat_at=None,
)  # fmt: skip
LINE = LogLine(number=1, level="warning", message="few images", created_at="t")


class Jobs:
    """Stands for `client.jobs`: each look at the job plays the next act."""

    def __init__(self, *acts: object) -> None:
        self.acts = list(acts)
        self.cancelled: list[bool] = []

    def follow(self, job_id: str) -> Iterator[JobUpdate]:
        yield JobUpdate(job=JOB, log=(LINE,))
        act = self.acts.pop(0)
        if isinstance(act, BaseException) or (isinstance(act, type) and issubclass(act, BaseException)):
            raise act
        assert isinstance(act, Job)
        yield JobUpdate(job=act)

    def cancel(self, job_id: str, *, keep: bool) -> Job:
        self.cancelled.append(keep)
        return JOB


class Client:
    def __init__(self, *acts: object) -> None:
        self.jobs = Jobs(*acts)


def ended(state: JobState, error: str | None = None) -> Job:
    return replace(JOB, state=state, error=error, done=4)


def watch(client: Any, *, keep: bool = True) -> Job:
    return follow(client, JOB, keep=keep)


def test_the_end_is_returned_and_told_once(capsys: pytest.CaptureFixture[str]) -> None:
    assert watch(Client(ended("succeeded"))).state == "succeeded"
    lines = capsys.readouterr().err.splitlines()
    assert lines == ["warning: few images", "Train x: 25 % training 1/4, 2 min left", "Train x: 100 % training 4/4"]


def test_ctrl_c_keeps_first(capsys: pytest.CaptureFixture[str]) -> None:
    client = Client(KeyboardInterrupt, ended("succeeded"))
    assert watch(client).state == "succeeded"
    assert client.jobs.cancelled == [True]
    assert capsys.readouterr().err.count("few images") == 1


def test_second_ctrl_c_discards() -> None:
    client = Client(KeyboardInterrupt, KeyboardInterrupt, ended("cancelled"))
    with pytest.raises(Interrupted) as caught:
        watch(client)
    assert client.jobs.cancelled == [True, False]
    assert exit_code(caught.value) == 130


def test_third_ctrl_c_waits_no_longer() -> None:
    with pytest.raises(KeyboardInterrupt):
        watch(Client(KeyboardInterrupt, KeyboardInterrupt, KeyboardInterrupt))


def test_work_that_has_no_halves_is_discarded_at_once() -> None:
    client = Client(KeyboardInterrupt, ended("cancelled"))
    with pytest.raises(Interrupted):
        watch(client, keep=False)
    assert client.jobs.cancelled == [False]


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (ended("failed", "no images"), "no images"),
        (ended("failed"), "the train job failed"),
        (ended("cancelled"), "the train job was cancelled"),
        (Unavailable("cannot reach the server"), "cannot reach the server; the job is kept .* job show j --wait"),
        (Unauthenticated("the token is not known"), "the job is kept"),
    ],
)
def test_other_ends_are_failures(act: object, words: str) -> None:
    with pytest.raises(JobFailed, match=words) as caught:
        watch(Client(act))
    assert exit_code(caught.value) == 1
