import pytest

from boxwright.domain.errors import Cancelled, Invalid
from boxwright.domain.jobs import JobEvent
from boxwright.jobs.child import failure, resolve
from boxwright.jobs.outcome import judge
from boxwright.jobs.protocol import decode_event, encode_event
from boxwright.jobs.runners.base import Exit

IDS = "boxwright.domain.ids"


def test_an_event_survives_the_wire_and_loses_only_what_json_cannot_hold():
    event = JobEvent(kind="log", data={"message": "naïve\nline", "list": [1.5, float("inf")], "x": {"y": float("nan")}})
    line = encode_event(event)
    assert line.count(b"\n") == 1
    back = decode_event(line)
    assert back == JobEvent(kind="log", data={"message": "naïve\nline", "list": [1.5, None], "x": {"y": None}})


@pytest.mark.parametrize(
    "line", [b"", b"noise\n", b"[1]\n", b'{"kind":"rm","data":{}}\n', b'{"kind":"log","data":1}\n']
)
def test_noise_is_no_event(line):
    assert decode_event(line) is None


@pytest.mark.parametrize(
    "entry", ["os:getcwd", f"{IDS}:_UUID", f"{IDS}:nothing", "boxwright", "boxwrightx.y:z", f"{IDS}:a.b"]
)
def test_only_functions_of_named_packages_are_tasks(entry):
    with pytest.raises(Invalid):
        resolve(entry, ["boxwright"])


def test_resolve_finds_a_function():
    assert resolve("boxwright.domain.ids:new_id", ["boxwright"]).__name__ == "new_id"


def test_errors_become_one_line():
    assert failure(Cancelled("x"))["cancelled"]
    assert failure(MemoryError())["code"] == "out_of_memory"
    assert failure(OSError(28, "No space left"))["code"] == "storage_full"
    assert failure(ModuleNotFoundError("no", name="torch"))["code"] == "extra_missing"
    assert failure(RuntimeError("a\n b"))["message"] == "RuntimeError: a b"


def test_what_an_end_means(tmp_path):
    def verdict(last, end, stopping="", silent=False):
        return judge(last, end, tmp_path / "none", stopping=stopping, silent=silent)

    done = JobEvent(kind="done", data={"result": {"a": 1}})
    assert verdict(done, Exit(signal=9)).result == {"a": 1}
    assert verdict(done, Exit(code=0), stopping="discard").cancelled
    assert verdict(done, Exit(code=0), stopping="keep").result == {"a": 1}
    assert verdict(JobEvent(kind="done", data={"result": None}), Exit(code=0)).code == "task_failed"
    assert verdict(JobEvent(kind="failed", data={"cancelled": True}), Exit(code=1)).cancelled
    assert verdict(None, Exit(signal=9), silent=True).code == "task_silent"
    assert verdict(None, Exit(code=3)).error == "the task's process ended with exit code 3"
