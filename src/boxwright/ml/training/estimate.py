"""How long a training would take and what memory it needs: a few real steps on this machine, and a multiplication."""

import os
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict, dataclass

import torch

from boxwright.domain.errors import Cancelled
from boxwright.domain.jobs import BREAKS_OFF
from boxwright.domain.ports import TaskContext
from boxwright.ml.data.dataset import Dataset
from boxwright.ml.data.samples import Sample
from boxwright.ml.training import checkpoint
from boxwright.ml.training.job import TrainingJob
from boxwright.ml.training.validation import Validator

# Steps are measured for so long, at least LEAST and at most MOST of them; the first is not counted.
SECONDS, LEAST, MOST = 4.0, 2, 20
PICTURES = 48
_MB = 1 << 20


@dataclass(frozen=True, kw_only=True, slots=True)
class Counts:
    """Pictures of each split in the whole dataset."""

    train: int
    val: int
    test: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Parts:
    """Seconds of each part of a training."""

    reading: float
    learning: float
    validating: float
    finishing: float


def spread(samples: Sequence[Sample], most: int) -> list[Sample]:
    """Return at most `most` samples from all over a list."""
    step = max(1, len(samples) / most)
    return [samples[int(index * step)] for index in range(min(most, len(samples)))]


def measure(job: TrainingJob, counts: Counts, decode: float, context: TaskContext) -> dict[str, object]:
    """Run a few steps of a job that has only some of the pictures, and return what the whole would take.

    Args:
        job: with a part of the dataset, its plan made for all of it.
        counts: of the whole dataset.
        decode: seconds to read one picture.
        context: asked whether to stop.
    """
    trainer = job.trainer()
    run = trainer.start()
    run.net.train()
    times: list[float] = []
    started = ready = time.monotonic()
    with closing(trainer.batches.epoch(0, 0, with_mosaic=True)) as batches:
        for batch in batches:
            trainer.stepper.step(run, batch)
            now = time.monotonic()
            times.append(now - ready)
            ready = now
            if context.stopping() in BREAKS_OFF:
                raise Cancelled("the estimate was cancelled")
            context.progress(min(now - started, SECONDS), SECONDS, phase="measuring steps")
            if len(times) > MOST or (len(times) > LEAST and now - started > SECONDS):
                break
    step = sorted(times[1:])[len(times[1:]) // 2]
    validate, save = _validate(trainer.validator, run), _save(run, context)
    plan, size = job.plan, job.dataset
    epochs = Parts(
        reading=decode * (counts.train + counts.val),
        learning=plan.iterations * max(step, _loading(size, counts, decode, plan.batch)) + plan.epochs * save,
        validating=plan.epochs * counts.val * validate,
        # The exported file and the trained network each look at what there is to measure on.
        finishing=2 * (counts.val + counts.test) * validate,
    )
    return {
        "seconds": sum(asdict(epochs).values()),
        "parts": asdict(epochs),
        "step_seconds": step,
        "steps_measured": len(times) - 1,
        "epochs": plan.epochs,
        "batch": plan.batch,
        "steps": plan.steps,
        "batch_parts": run.position.parts,
        "image_size": job.params.image_size,
        "device": job.compute.describe(),
        **_memory(job, counts),
    }


def _validate(validator: Validator, run: checkpoint.Run) -> float:
    """Return the seconds that a picture takes in validation; 0 without any."""
    if not validator.samples:
        return 0.0
    started = time.monotonic()
    validator.score(run.average.net)
    return (time.monotonic() - started) / len(validator.samples)


def _save(run: checkpoint.Run, context: TaskContext) -> float:
    started = time.monotonic()
    path = context.workdir / checkpoint.NAME
    checkpoint.save(run, path, "")
    path.unlink()
    return time.monotonic() - started


def _cached(dataset: Dataset, counts: Counts) -> tuple[float, float]:
    """Return the MB that all pictures would take in the cache, and the part of them that it holds."""
    samples = [*dataset.train, *dataset.val]
    each = sum(dataset.cache.large(sample).nbytes for sample in samples) / len(samples) / _MB
    total = each * (counts.train + counts.val)
    return total, min(1.0, dataset.params.cache_mb / max(total, 1e-9))


def _loading(dataset: Dataset, counts: Counts, decode: float, batch: int) -> float:
    """Return the seconds in which a worker reads what is missing in the cache for a batch (a mosaic takes four)."""
    _, share = _cached(dataset, counts)
    return (1 - share) * decode * batch * (4 if dataset.params.mosaic else 1)


def _memory(job: TrainingJob, counts: Counts) -> dict[str, object]:
    """Return MB: `memory_mb` of the process at its peak, of `available_mb`, and `gpu_mb` of `gpu_total_mb`."""
    total, share = _cached(job.dataset, counts)
    here = sum(job.dataset.cache.large(s).nbytes for s in (*job.dataset.train, *job.dataset.val)) / _MB
    memory = peak_mb() + max(0.0, total * share - here)
    gpu = whole = None
    if job.compute.device.type == "cuda":
        gpu = torch.cuda.max_memory_reserved(job.compute.device) / _MB
        whole = torch.cuda.get_device_properties(job.compute.device).total_memory / _MB
    available = available_mb()
    return {
        "memory_mb": round(memory),
        "available_mb": None if available is None else round(available + peak_mb()),
        "gpu_mb": gpu and round(gpu),
        "gpu_total_mb": whole and round(whole),
    }


def peak_mb() -> float:
    """Return the most memory that this process has had, in MB; 0 where the system does not say."""
    try:
        import resource
        import sys
    except ImportError:  # Windows
        return 0.0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / _MB if sys.platform == "darwin" else peak / 1024


def available_mb() -> float | None:
    """Return the memory that programs can still get, in MB; None where the system does not say."""
    try:
        return os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / _MB
    except (AttributeError, OSError, ValueError):
        return None
