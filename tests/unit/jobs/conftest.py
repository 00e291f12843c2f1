import importlib.util
import sys
from pathlib import Path

import pytest

from boxwright.jobs.kinds import JobKind
from boxwright.jobs.runners.local import LocalRunner
from boxwright.jobs.scheduler import Scheduler
from boxwright.jobs.timings import Timings

HERE = Path(__file__).parent
TASKS = HERE / "tasks"


def _load(name):
    spec = importlib.util.spec_from_file_location(f"unit_jobs_{name}", HERE / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


MemoryStore = _load("memory_store").MemoryStore
FAST = Timings(flush=0.02, terminate_after=0.3, kill_after=0.3, backoff=(0.05,), store_retry=0.02, store_retry_most=0.1)


def kind(name, *, group="light", attempts=3, prepare=None):
    return JobKind(
        name=name,
        entry=f"jobtasks.work:{name}",
        prepare=prepare or (lambda job, workdir: job.params),
        adopt=lambda tx, job, result, workdir: result,
        group=group,
        attempts=attempts,
    )


@pytest.fixture
def runner(monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(TASKS))
    return LocalRunner(packages=("boxwright", "jobtasks"))


@pytest.fixture
def store():
    return MemoryStore()


@pytest.fixture
def start(store, runner, tmp_path):
    """Start a scheduler; all are stopped at the end of the test."""
    started = []

    def make(timings=FAST, limits=None, **kinds):
        names = ("count", "refuse", "bug", "leave", "deaf", "silent", "slow_until_told")
        table = {name: kind(name) for name in names} | kinds
        scheduler = Scheduler(store, runner, table, tmp_path / "jobs", limits or {"light": 2}, timings)
        scheduler.start()
        started.append(scheduler)
        return scheduler

    yield make
    for scheduler in started:
        scheduler.close()


@pytest.fixture
def make_kind():
    return kind


@pytest.fixture
def python():
    return sys.executable
