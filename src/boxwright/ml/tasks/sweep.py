"""Task: try several parameters within a budget of time and train with the best. Loads torch only when it runs."""

import os
import time
from collections.abc import Mapping
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from boxwright.domain.architectures import architecture as described
from boxwright.domain.errors import Cancelled, Invalid
from boxwright.domain.jobs import BREAKS_OFF, Stopping
from boxwright.domain.ports import TaskContext
from boxwright.ml.data.dataset import Dataset, prepare
from boxwright.ml.files import read_json, write_json
from boxwright.ml.registry import lookup, require_torch, task_of
from boxwright.ml.starting import starting_weights
from boxwright.ml.training import sweep
from boxwright.ml.training.params import TrainingParams

if TYPE_CHECKING:
    from boxwright.ml.training.job import TrainingJob

STATE = "sweep.json"
# A trial may take this much longer than it was given, because epochs of a busy machine do.
PATIENCE = 1.5


def run(params: Mapping[str, Any], context: TaskContext) -> dict[str, object]:
    """Try combinations of `params["space"]` for `params["minutes"]`; the others are those of tasks/train.

    Each round trains what is left for a share of the time and keeps the better half, by the validation of the best
    epoch; the winner is trained for what time is left. A run that finds its state in the working folder goes on. The
    curve `sweep/score` has the score of each trial, from 1; the last training has curves as any.

    Returns:
        What tasks/train returns, and `trials`: `changes`, `round`, `epochs`, `score`, `seconds` of each.

    Raises what tasks/train does, and Invalid where there is no validation picture to choose by.
    """
    require_torch()
    os.environ.setdefault("GOMP_SPINCOUNT", "10000")
    return Sweep(params, context).run()


class TrialContext:
    """A trial's world: its own folder and an end to its time; it tells only warnings."""

    def __init__(self, context: TaskContext, workdir: Path, name: str) -> None:
        workdir.mkdir(parents=True, exist_ok=True)
        self.context, self.workdir, self.name = context, workdir, name
        self.deadline: float | None = None

    def progress(self, done: float, total: float, *, phase: str, seconds_left: float | None = None) -> None:
        """Say which trial is at work."""
        self.context.progress(done, total, phase=f"{self.name}: {phase}", seconds_left=seconds_left)

    def metric(self, step: int, values: Mapping[str, float]) -> None:
        """Keep curves of trials to themselves."""

    def log(self, message: str, level: Literal["info", "warning", "error"] = "info") -> None:
        """Pass on what went wrong."""
        if level != "info":
            self.context.log(f"{self.name}: {message}", level)

    def checkpoint(self, path: Path) -> None:
        """Pass on that there is one."""
        self.context.checkpoint(path)

    def stopping(self) -> Stopping:
        """Return what a person asked for; `keep` when the time is over."""
        asked = self.context.stopping()
        late = self.deadline is not None and time.monotonic() > self.deadline
        return asked or ("keep" if late else "")


class Sweep:
    """One sweep in `context.workdir`."""

    def __init__(self, params: Mapping[str, Any], context: TaskContext) -> None:
        self.params, self.context = params, context
        self.hyper: dict[str, object] = dict(params.get("hyper") or {})
        self.budget = float(params["minutes"]) * 60
        self.weights = starting_weights(params, TrainingParams.from_json(self.hyper))
        self.state = self._restored()
        self._datasets: dict[tuple[int, int], Dataset] = {}

    def run(self) -> dict[str, object]:
        """Search, train the best, return it."""
        seed = TrainingParams.from_json(self.hyper).seed
        field = sweep.candidates(self.hyper, self.params.get("space") or {}, int(self.params["trials"]), seed)
        sizes = list(sweep.rounds(len(field)))
        share = sweep.SEARCH * self.budget / max(1, len(sizes))
        for number, count in enumerate(sizes):
            trials = [self._trial(changes, number, share / count) for changes in field[:count]]
            if self.context.stopping() == "keep":
                break
            keep = -(-count // 2)
            field = [dict(trial.changes) for trial in sweep.best(trials, keep)]
        return {**self._conclude(field[0]), "trials": [asdict(trial) for trial in self.state.trials]}

    def _trial(self, changes: dict[str, float | str], number: int, seconds: float) -> sweep.Trial:
        """Train for about so many seconds, unless that was done before."""
        for known in self.state.trials:
            if known.round == number and known.changes == changes and known.score is not None:
                return known
        trial = sweep.Trial(changes, number)
        if self.context.stopping() == "keep" and self.state.trials:
            return trial
        index = sum(1 for item in self.state.trials if item.score is not None) + 1
        job, context = self._job(trial, f"trial {index}")
        trial.epochs = sweep.epochs_for(seconds, self._epoch_seconds(job, changes))
        job, context = self._job(trial, f"trial {index}")
        context.deadline = time.monotonic() + PATIENCE * seconds + 10
        run, _ = job.train(self.weights)
        trial.score, trial.seconds = run.position.best_score, run.position.seconds
        self.state.trials.append(trial)
        self._store()
        self.context.metric(index, {"sweep/score": trial.score})
        said = ", ".join(f"{name} {value}" for name, value in changes.items()) or "the parameters as they are"
        self.context.log(
            f"trial {index}, round {number + 1}: {said}: {trial.score:.4f} after {run.position.epoch} epochs"
        )
        return trial

    def _conclude(self, changes: dict[str, float | str]) -> dict[str, object]:
        """Train the winner for the time that is left; where a trial was better, or time is over, take that."""
        done = [trial for trial in self.state.trials if trial.score is not None]
        if self.context.stopping() != "keep":
            last = sweep.Trial(changes, -1)
            job, _ = self._job(last, "the best")
            left = self.budget - sum(trial.seconds for trial in done)
            known = self.state.epoch_seconds.get("last", 0.0)
            last.epochs = int(known) or max(
                sweep.epochs_for(left, self._epoch_seconds(job, changes)),
                max((trial.epochs for trial in done), default=1),
            )
            self.state.epoch_seconds["last"] = last.epochs
            self._store()
            job, _ = self._job(last, "the best", final=True)
            run, stopped = job.train(self.weights)
            if not done or run.position.best_score >= max(trial.score or 0.0 for trial in done):
                return job.finish(run, stopped)
        winner = sweep.best(done, 1)[0]
        job, trial_context = self._job(winner, "the best trial")
        trial_context.deadline = 0.0  # its checkpoint is all there is to it
        run, stopped = job.train(self.weights)
        job.context = self.context
        return job.finish(run, stopped)

    def _job(self, trial: sweep.Trial, name: str, *, final: bool = False) -> "tuple[TrainingJob, TrialContext]":
        from boxwright.ml.training.device import choose
        from boxwright.ml.training.job import TrainingJob

        given = {**self.hyper, **trial.changes, **({"epochs": trial.epochs} if trial.epochs else {})}
        hyper = TrainingParams.from_json(given, described(str(self.params["architecture"])).defaults)
        compute = choose(hyper)
        task = task_of(str(self.params["architecture"]))
        context = TrialContext(self.context, self._folder(trial), name)
        key = (hyper.image_size, hyper.tiles)
        if key not in self._datasets:
            # One size at a time: several caches of pictures would need several times the memory.
            self._datasets.clear()
            cuda = compute.device.type == "cuda"
            self._datasets[key] = prepare(
                Path(self.params["manifest"]), hyper, context, outlines=task == "segment", cuda=cuda
            )
        dataset = self._datasets[key]
        if not dataset.val:
            raise Invalid(
                "a sweep chooses by validation: put some labelled images into the split val",
                code="no_validation_images",
            )
        hyper = replace(hyper, image_size=dataset.params.image_size)
        learner = partial(lookup(str(self.params["architecture"]), task, "torch"), weights=self.weights)
        world = self.context if final else context
        return TrainingJob(
            str(self.params["architecture"]), learner, replace(dataset, params=hyper), compute, world
        ), context

    def _folder(self, trial: sweep.Trial) -> Path:
        words = "_".join(f"{name}-{value}" for name, value in sorted(trial.changes.items())) or "plain"
        return self.context.workdir / "trials" / f"{trial.round + 1}_{words}"

    def _epoch_seconds(self, job: "TrainingJob", changes: Mapping[str, float | str]) -> float:
        """Return the measured seconds of an epoch, once for each image size."""
        from boxwright.ml.training.estimate import Counts, measure

        key = str(changes.get("image_size", "plain"))
        if key not in self.state.epoch_seconds:
            data = job.dataset
            counts = Counts(train=len(data.train), val=len(data.val), test=0)
            few = replace(data, val=data.val[:16])
            job.dataset, whole = few, data
            told = measure(job, counts, 0.0, job.context)
            job.dataset = whole
            parts: Any = told["parts"]
            self.state.epoch_seconds[key] = (parts["learning"] + parts["validating"]) / job.plan.epochs
            self._store()
        return self.state.epoch_seconds[key]

    def _store(self) -> None:
        if self.context.stopping() in BREAKS_OFF:
            raise Cancelled("the sweep was cancelled")
        write_json(self.context.workdir / STATE, asdict(self.state))

    def _restored(self) -> sweep.State:
        value: Any = read_json(self.context.workdir / STATE)
        if not isinstance(value, dict):
            return sweep.State()
        return sweep.State([sweep.Trial(**item) for item in value["trials"]], value["epoch_seconds"])
