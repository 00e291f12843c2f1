"""The scheduler with real child processes."""

import os
import signal
import time
from pathlib import Path

from boxwright.domain.errors import Invalid, StorageFull, Unavailable
from boxwright.jobs.timings import Timings


def gone(pid, seconds=60):
    """Wait until a process has ended (a zombie has)."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z":
                return True
        except OSError:
            return True
        time.sleep(0.02)
    return False


def written(path, seconds=60):
    """Wait until there is something in a file."""
    end = time.monotonic() + seconds
    while not (path.exists() and path.read_text()):
        assert time.monotonic() < end
        time.sleep(0.02)


def test_a_job_runs_to_its_end(store, start, tmp_path):
    job_id = store.add("count", to=5)
    start()
    job = store.wait(job_id)
    assert (job.state, job.result, job.attempt) == ("succeeded", {"n": 5, "starts": 1}, 1)
    kinds = [event.kind for event in store.events[job_id]]
    assert kinds[0] == "started"
    assert kinds.count("checkpoint") == 5
    assert store.metrics(job_id) == [(n, {"value": n * 2.0}) for n in range(1, 6)]
    assert "state.json" in store.adopted[job_id]
    assert "noise on stdout" in (tmp_path / "jobs" / job_id / "output.log").read_text()
    deadline = time.monotonic() + 60
    while (tmp_path / "jobs" / job_id / "work").exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not (tmp_path / "jobs" / job_id / "work").exists()


def test_a_job_added_later_is_noticed_at_once(store, start):
    scheduler = start()
    job_id = store.add("count", to=1)
    scheduler.wake()
    assert store.wait(job_id).state == "succeeded"


def test_failures_are_one_clear_line(store, start):
    refuse, bug, leave = store.add("refuse"), store.add("bug"), store.add("leave")
    unknown, outside = store.add("mystery"), store.add("evil")
    start(evil=_outside())
    job = store.wait(refuse)
    assert (job.state, job.error, job.error_code) == ("failed", "nothing to do; give me something", "nothing")
    job = store.wait(bug)
    assert (job.error_code, "\n" in job.error, "KeyError" in job.error) == ("task_failed", False, True)
    assert any("Traceback" in str(event.data.get("message")) for event in store.events[bug])
    assert store.wait(leave).error == "the task's process ended with exit code 7: last words"
    assert store.wait(unknown).error_code == "job_kind_unknown"
    assert store.wait(outside).error_code == "task_unknown"


def _outside():
    from boxwright.jobs.kinds import JobKind

    return JobKind(name="evil", entry="os:getcwd", prepare=lambda j, w: {}, adopt=lambda t, j, r, w: r)


def test_a_killed_child_goes_on_from_its_checkpoint(store, start):
    job_id = store.add("count", to=6, die_at=3)
    start()
    job = store.wait(job_id)
    assert (job.state, job.result, job.attempt) == ("succeeded", {"n": 6, "starts": 2}, 2)
    assert any("killed by the system" in str(event.data.get("message")) for event in store.events[job_id])


def test_a_child_that_is_always_killed_fails_in_the_end(store, start, make_kind):
    job_id = store.add("die", signal=int(signal.SIGKILL))
    crash = store.add("die", signal=int(signal.SIGSEGV))
    start(die=make_kind("die", attempts=3))
    job = store.wait(job_id)
    assert (job.state, job.error_code, job.attempt) == ("failed", "task_killed", 3)
    assert "smaller batch" in job.error
    assert store.wait(crash).error == "the task's process crashed (SIGSEGV)"


def test_one_at_a_time_in_an_exclusive_group(store, start, make_kind):
    busy = [store.add("slow_until_told") for _ in range(2)]
    light = store.add("count", to=1)
    scheduler = start(limits={"train": 1, "light": 1}, slow_until_told=make_kind("slow_until_told", group="train"))
    assert store.wait(light).state == "succeeded"
    assert [store.jobs[job_id].state for job_id in busy] == ["running", "queued"]
    store.wait_event(busy[0], "started")
    assert scheduler.request_stop(busy[0], "discard")
    assert store.wait(busy[0]).state == "cancelled"
    store.wait(busy[1], lambda job: job.state == "running")
    assert not scheduler.request_stop(busy[0], "discard")
    store.wait_event(busy[1], "started")
    scheduler.request_stop(busy[1], "discard")
    assert store.wait(busy[1]).state == "cancelled"


def test_keep_ends_early_with_a_result(store, start):
    job_id = store.add("count", to=100_000, sleep=0.01)
    scheduler = start()
    store.wait_event(job_id, "checkpoint")
    scheduler.request_stop(job_id, "keep")
    job = store.wait(job_id)
    assert job.state == "succeeded"
    assert job.result["kept"]


def test_pause_lays_a_job_aside(store, start, make_kind):
    job_id = store.add("slow_until_told")
    scheduler = start(slow_until_told=make_kind("slow_until_told"))
    store.wait_event(job_id, "started")
    scheduler.request_stop(job_id, "pause")
    assert store.wait(job_id, lambda job: job.state == "paused").error is None


def test_discard_is_forced_on_a_task_that_does_not_listen(store, start, tmp_path):
    pid_file = tmp_path / "pid"
    job_id = store.add("deaf", pid_file=str(pid_file))
    scheduler = start()
    written(Path(f"{pid_file}.child"))
    scheduler.request_stop(job_id, "keep")
    scheduler.request_stop(job_id, "discard")
    assert store.wait(job_id).state == "cancelled"
    assert gone(int(pid_file.read_text()))
    assert gone(int(Path(f"{pid_file}.child").read_text()))


def test_a_child_without_sign_of_life_is_ended(store, start, make_kind):
    job_id = store.add("silent")
    timings = Timings(flush=0.02, silence=1.0, backoff=(0.01,))
    start(timings=timings, silent=make_kind("silent", attempts=1))
    job = store.wait(job_id)
    assert (job.state, job.error_code) == ("failed", "task_silent")


def test_a_locked_store_loses_nothing(store, start):
    scheduler = start()
    job_id = store.add("count", to=30, sleep=0.01)
    scheduler.wake()
    for _ in range(5):
        store.wait_event(job_id, "metric")
        with store.lock:
            store.failures = 3
        time.sleep(0.05)
    job = store.wait(job_id)
    assert job.state == "succeeded"
    assert [step for step, _ in store.metrics(job_id)] == list(range(1, 31))


def test_a_failed_adoption_fails_the_job_and_keeps_its_work(store, start, tmp_path):
    store.adopt_error = StorageFull("the disk is full")
    job_id = store.add("count", to=1)
    scheduler = start()
    job = store.wait(job_id)
    assert (job.state, job.error_code) == ("failed", "storage_full")
    assert "the disk is full" in job.error
    assert (tmp_path / "jobs" / job_id / "work" / "state.json").exists()
    store.adopt_error = ZeroDivisionError("oops")
    job_id = store.add("count", to=1)
    scheduler.wake()
    assert store.wait(job_id).error_code == "adoption_failed"


def test_a_job_does_not_wait_for_ever_for_a_store_that_is_gone(store, start):
    store.adopt_error = Unavailable("the blob store cannot be used: its folder is gone", code="blobs_gone")
    job_id = store.add("count", to=1)
    start(timings=Timings(flush=0.02, store_retry=0.02, patience=0.2))
    job = store.wait(job_id)
    assert (job.state, job.error_code) == ("failed", "blobs_gone")


def test_what_cannot_be_prepared_fails(store, start, make_kind):
    def refuse(job, workdir):
        raise Invalid("no pictures; add some", code="no_images")

    job_id = store.add("count")
    start(count=make_kind("count", prepare=refuse))
    assert store.wait(job_id).error == "no pictures; add some"


def test_a_job_without_room_for_its_folder_fails_and_does_not_run_for_ever(store, start, tmp_path):
    job_id = store.add("count", to=1)
    (tmp_path / "jobs").mkdir()
    (tmp_path / "jobs" / job_id).write_text("no folder can be made here")
    start()
    assert store.wait(job_id).state == "failed"


def test_a_clean_stop_puts_the_job_back_and_the_next_start_finishes_it(store, start):
    job_id = store.add("count", to=200, sleep=0.01)
    first = start()
    store.wait_event(job_id, "checkpoint")
    first.close()
    job = store.jobs[job_id]
    assert (job.state, job.attempt) == ("queued", 0)
    start()
    job = store.wait(job_id)
    assert (job.state, job.result) == ("succeeded", {"n": 200, "starts": 2})
    steps = [step for step, _ in store.metrics(job_id)]
    assert sorted(set(steps)) == list(range(1, 201))


def test_a_job_left_running_by_a_dead_server_is_taken_up(store, start):
    job_id = store.add("count", to=3)
    store._set(job_id, state="running", attempt=1)
    start()
    job = store.wait(job_id)
    assert (job.state, job.attempt) == ("succeeded", 2)


def test_children_do_not_outlive_a_killed_parent(python, tmp_path, runner, monkeypatch):
    """kill -9 of a process with a running child ends the child and the child's child."""
    import subprocess

    script = f"""
import sys, time
from pathlib import Path
from boxwright.jobs.runners.local import LocalRunner
from boxwright.jobs.runners.base import TaskSpec
runner = LocalRunner(packages=("jobtasks",))
spec = TaskSpec(entry="jobtasks.work:deaf", params={{"pid_file": {str(tmp_path / "pid")!r}}},
                workdir=Path({str(tmp_path / "work")!r}), log=Path({str(tmp_path / "log")!r}))
runner.start(spec, lambda e: None, lambda e: None)
time.sleep(600)
"""
    import boxwright

    home = str(Path(boxwright.__file__).parent.parent)
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([home, os.environ["PYTHONPATH"]])}
    server = subprocess.Popen([python, "-c", script], env=env)
    try:
        written(tmp_path / "pid.child")
        pids = [int((tmp_path / name).read_text()) for name in ("pid", "pid.child")]
    finally:
        server.kill()
        server.wait()
    assert all(gone(pid) for pid in pids)
