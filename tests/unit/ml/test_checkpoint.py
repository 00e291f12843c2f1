from pathlib import Path

import pytest

torch = pytest.importorskip("torch", reason="training needs boxwright[train]")

from boxwright.ml.nets.base import plain_groups  # noqa: E402
from boxwright.ml.training.checkpoint import Position, Run, restore, save  # noqa: E402
from boxwright.ml.training.ema import Average  # noqa: E402


def small_run(seed: int) -> Run:
    torch.manual_seed(seed)
    net = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.BatchNorm1d(4), torch.nn.Linear(4, 1))
    return Run(net, torch.optim.AdamW(plain_groups(net, 0.05), lr=0.003, fused=True), Average(net, 0.9))


def step(run: Run) -> None:
    run.optimizer.zero_grad()
    run.net(torch.rand(5, 3)).square().sum().backward()
    run.optimizer.step()
    run.average.update(run.net)
    run.position.step += 1


def test_everything_comes_back(tmp_path: Path) -> None:
    first, second = small_run(1), small_run(2)
    step(first)
    first.position = Position(epoch=3, step=2, total_sum=1.5, best_score=0.4, best_epoch=2)
    first.best = {key: value.clone() for key, value in first.net.state_dict().items()}
    save(first, tmp_path / "c.pt", "same")
    assert restore(second, tmp_path / "c.pt", "same")
    random = torch.get_rng_state()
    step(first)
    torch.set_rng_state(random)
    step(second)
    assert first.position == second.position
    for name in ("net", "average"):
        mine, theirs = (getattr(run, name) for run in (first, second))
        states = [getattr(item, "net", item).state_dict() for item in (mine, theirs)]
        assert all(torch.equal(states[0][key], states[1][key]) for key in states[0])
    assert second.best is not None
    assert all(torch.equal(second.best[key], value) for key, value in first.best.items())


def test_no_or_another_or_a_broken_checkpoint(tmp_path: Path) -> None:
    path = tmp_path / "c.pt"
    run = small_run(1)
    assert not restore(run, path, "same")
    save(run, path, "same")
    assert not restore(run, path, "other")
    whole = path.read_bytes()
    for data in (b"", b"garbage", whole[: len(whole) // 2]):
        path.write_bytes(data)
        assert not restore(run, path, "same")


def test_norms_and_biases_are_not_decayed() -> None:
    groups = small_run(1).optimizer.param_groups
    assert [len(group["params"]) for group in groups] == [2, 4]
    assert [group["weight_decay"] for group in groups] == [0.05, 0.0]
