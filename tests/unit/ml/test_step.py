"""Steps of a training: parts, memory, precision, what is frozen; and the search for a batch that fits."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs boxwright[train]")

from boxwright.domain.errors import Invalid  # noqa: E402
from boxwright.ml.data.batches import Batch, split_batch  # noqa: E402
from boxwright.ml.nets.wren.learner import WrenLearner  # noqa: E402
from boxwright.ml.training.checkpoint import Run  # noqa: E402
from boxwright.ml.training.device import choose  # noqa: E402
from boxwright.ml.training.ema import Average  # noqa: E402
from boxwright.ml.training.loop import freeze, optimizer_for  # noqa: E402
from boxwright.ml.training.memory import largest_batch, ran_out  # noqa: E402
from boxwright.ml.training.params import TrainingParams, plan  # noqa: E402
from boxwright.ml.training.probe import gpu_batch  # noqa: E402
from boxwright.ml.training.step import Stepper  # noqa: E402
from learning import Recorder, short_of_memory  # noqa: E402

PARAMS = TrainingParams(image_size=64, threads=1, precision="fp32")


def batch(pictures: int = 4) -> Batch:
    rng = np.random.default_rng(0)
    corner = rng.uniform(0, 30, (2 * pictures, 2))
    boxes = np.concatenate([corner, corner + rng.uniform(10, 30, corner.shape)], 1).astype(np.float32)
    pixels = rng.integers(0, 256, (pictures, 64, 64, 3), dtype=np.uint8)
    return Batch(pixels, boxes, rng.integers(0, 2, 2 * pictures), np.repeat(np.arange(pictures), 2))


def stepper(folder: Path, params: TrainingParams = PARAMS, frozen: int = 0) -> tuple[Stepper, Run]:
    torch.manual_seed(0)
    learner, compute = WrenLearner("wren-n", 2, 64), choose(params)
    freeze(learner, frozen)
    run = Run(learner.net, optimizer_for(learner, learner.net, params), Average(learner.net, 0.9), compute.scaler())
    run.net.train()
    return Stepper(learner, params, plan(params, 16), compute, Recorder(folder)), run


def test_a_batch_in_parts_is_the_batch() -> None:
    whole = batch(5)
    parts = split_batch(whole, 3)
    assert [len(part.pixels) for part in parts] == [2, 2, 1]
    np.testing.assert_array_equal(np.concatenate([part.boxes for part in parts]), whole.boxes)
    assert [part.image.tolist() for part in parts] == [[0, 0, 1, 1], [0, 0, 1, 1], [0, 0]]


def test_memory_that_runs_out_halves_what_is_computed_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    steps, run = stepper(tmp_path)
    short_of_memory(1, monkeypatch)
    before = next(run.net.parameters()).clone()
    assert np.isfinite(steps.step(run, batch()).loss)
    assert run.position.parts == 4
    assert not torch.equal(before, next(run.net.parameters()))
    assert len(steps.context.warnings()) == 2  # type: ignore[attr-defined]
    steps.step(run, batch())
    assert len(steps.context.warnings()) == 2  # type: ignore[attr-defined]
    short_of_memory(0, monkeypatch)
    with pytest.raises(Invalid, match="one image at a time; choose an image_size below 64") as caught:
        steps.step(run, batch())
    assert caught.value.code == "out_of_memory"


@pytest.mark.parametrize(
    ("error", "memory"),
    [
        (MemoryError(), True),
        (
            RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes"),
            True,
        ),
        (RuntimeError("CUDA error: out of memory"), True),
        (RuntimeError("mat1 and mat2 shapes cannot be multiplied"), False),
        (ValueError("out of memory"), False),
    ],
)
def test_only_want_of_memory_is_taken_for_it(error: Exception, memory: bool) -> None:
    assert ran_out(error) == memory


def test_other_errors_are_not_swallowed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    steps, run = stepper(tmp_path)

    def fail(*_: object) -> None:
        raise RuntimeError("shapes do not fit")

    monkeypatch.setattr(WrenLearner, "loss", fail)
    with pytest.raises(RuntimeError, match="shapes"):
        steps.step(run, batch())


@pytest.mark.parametrize("change", [{"accumulate": 3}, {"precision": "fp16"}, {"precision": "bf16"}])
def test_steps_of_any_kind_learn(tmp_path: Path, change: dict[str, object]) -> None:
    steps, run = stepper(tmp_path, replace(PARAMS, **change))
    losses = [steps.step(run, batch()).loss for _ in range(6)]
    assert losses[-1] < losses[0]
    assert run.scaler.is_enabled() == (change.get("precision") == "fp16")


def test_frozen_stages_keep_their_weights_and_norms(tmp_path: Path) -> None:
    steps, run = stepper(tmp_path, frozen=3)
    frozen = steps.learner.stages()[:3]
    for stage in frozen:
        stage.eval()
    before = [{key: value.clone() for key, value in stage.state_dict().items()} for stage in frozen]
    steps.step(run, batch())
    for stage, old in zip(frozen, before, strict=True):
        assert all(torch.equal(old[key], value) for key, value in stage.state_dict().items())
    assert sum(len(group["params"]) for group in run.optimizer.param_groups) < len(list(run.net.parameters()))
    backbone = sum(p.numel() for stage in steps.learner.stages() for p in stage.parameters())
    assert backbone == sum(p.numel() for p in run.net.backbone.parameters())


@pytest.mark.parametrize(
    ("room", "least", "most", "found"), [(100, 4, 64, 64), (20, 4, 64, 16), (3, 4, 64, 2), (0, 8, 64, 1), (9, 8, 8, 8)]
)
def test_the_largest_batch_that_fits(room: int, least: int, most: int, found: int) -> None:
    tried: list[int] = []

    def fits(size: int) -> bool:
        tried.append(size)
        return size <= room

    assert largest_batch(fits, least, most) == found
    assert max(tried) <= most


def test_a_probe_leaves_the_network_and_is_not_repeated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from boxwright.ml.training import probe

    def on_this_machine(step: Callable[[int], None], _: object) -> Callable[[int], bool]:
        def fits(size: int) -> bool:
            step(size)
            return size <= 8

        return fits

    class Batches:
        def __init__(self, size: int, _: int) -> None:
            self.size = size

        def epoch(self, *_: object, **__: object) -> object:
            return iter([batch(self.size)])

    monkeypatch.setattr(probe, "fits_gpu", on_this_machine)
    learner = WrenLearner("wren-n", 2, 64)
    before = {key: value.clone() for key, value in learner.net.state_dict().items()}

    def find(made: type) -> int:
        return gpu_batch(learner, PARAMS, choose(PARAMS), made, 400, tmp_path / "batch.json")  # type: ignore[arg-type]

    assert find(Batches) == 8
    assert all(torch.equal(before[key], value) for key, value in learner.net.state_dict().items())
    assert find(object) == 8  # nothing is tried again
