"""Questions of several threads, answered as one batch."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest

from boxwright.ml.adapters.batching import MOST, Batching


class Network:
    """Doubles what it is given; the first call waits until `go`, so that the others pile up."""

    def __init__(self) -> None:
        self.batches: list[int] = []
        self.go, self.entered = threading.Event(), threading.Event()

    def run(self, feeds: Any) -> dict[str, Any]:
        self.batches.append(len(feeds["images"]))
        self.entered.set()
        assert self.go.wait(10)
        if (feeds["images"] < 0).any():
            raise ValueError("negative")
        return {"double": feeds["images"] * 2, "first": feeds["images"][:, 0]}


def ask(batching: Batching, network: Network, values: list[Any]) -> list[Any]:
    """Ask for all of them at once, and let the network answer when every thread has asked."""
    with ThreadPoolExecutor(len(values)) as pool:
        first = pool.submit(batching, {"images": values[0]})
        assert network.entered.wait(10)
        others = [pool.submit(batching, {"images": value}) for value in values[1:]]
        while len(batching._waiting) < len(others):
            pass
        network.go.set()
        return [future.exception() or future.result() for future in (first, *others)]


def test_everybody_gets_the_own_answer_and_batches_are_bounded() -> None:
    network = Network()
    values = [np.full((1 + i % 2, 3), i, np.float32) for i in range(MOST + 9)]
    answers = ask(Batching(network.run), network, values)
    for value, answer in zip(values, answers, strict=True):
        assert (answer["double"] == value * 2).all()
        assert answer["double"].shape == value.shape
        assert (answer["first"] == value[:, 0]).all()
    assert len(network.batches) == 3
    assert sum(network.batches) == sum(map(len, values))


def test_shapes_do_not_mix() -> None:
    network = Network()
    values = [np.ones((1, 2 + i % 2), np.float32) for i in range(6)]
    answers = ask(Batching(network.run), network, values)
    assert [answer["double"].shape for answer in answers] == [value.shape for value in values]
    assert network.batches == [1, 3, 2] or sorted(network.batches[1:]) == [2, 3]


def test_a_failure_is_told_to_all_in_its_batch_and_to_nobody_else() -> None:
    network = Network()
    batching = Batching(network.run)
    answers = ask(batching, network, [np.ones((1, 2)), np.ones((1, 2)), -np.ones((1, 2))])
    assert isinstance(answers[0], dict)
    assert [str(answer) for answer in answers[1:]] == ["negative", "negative"]
    with pytest.raises(ValueError, match="negative"):
        batching({"images": -np.ones((1, 2))})
    assert (batching({"images": np.ones((1, 2))})["double"] == 2).all()
