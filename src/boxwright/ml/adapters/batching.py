"""What several threads ask of a network at the same moment, as one batch: a GPU takes little longer for it."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Tensors = Mapping[str, NDArray[Any]]
Run = Callable[[Tensors], Tensors]
MOST = 32


@dataclass(slots=True, eq=False)
class _Question:
    feeds: Tensors
    answer: Tensors | None = None
    error: Exception | None = None

    @property
    def shapes(self) -> list[tuple[int, ...]]:
        return [value.shape[1:] for value in self.feeds.values()]


class Batching:
    """Calls `run` with up to MOST of the questions that wait, of one shape. Thread-safe.

    Whoever gets its turn answers for all that wait by then, so nobody waits for a batch to fill.

    Args:
        run: takes and gives tensors whose first axis is the picture.
    """

    def __init__(self, run: Run) -> None:
        self._run = run
        self._waiting: list[_Question] = []
        self._list, self._turn = threading.Lock(), threading.Lock()

    def __call__(self, feeds: Tensors) -> Tensors:
        """Return the answer to the pictures in `feeds`. Raises what `run` does, to all who were in the batch."""
        mine = _Question(feeds)
        with self._list:
            self._waiting.append(mine)
        with self._turn:
            if mine.answer is None and mine.error is None:
                self._answer(self._taken(mine))
        if mine.error is not None:
            raise mine.error
        assert mine.answer is not None
        return mine.answer

    def _taken(self, mine: _Question) -> list[_Question]:
        """Take `mine` and others like it out of those who wait."""
        with self._list:
            others = [item for item in self._waiting if item is not mine and item.shapes == mine.shapes]
            chosen = [mine, *others[: MOST - 1]]
            self._waiting = [item for item in self._waiting if item not in chosen]
        return chosen

    def _answer(self, questions: list[_Question]) -> None:
        names = questions[0].feeds
        try:
            answers = self._run({name: np.concatenate([item.feeds[name] for item in questions]) for name in names})
        except Exception as error:  # noqa: BLE001, whatever it is, everybody in the batch is told
            for item in questions:
                item.error = error
            return
        start = 0
        for item in questions:
            stop = start + len(next(iter(item.feeds.values())))
            item.answer = {name: values[start:stop] for name, values in answers.items()}
            start = stop
