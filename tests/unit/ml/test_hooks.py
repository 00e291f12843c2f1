"""What the reporter of a training says about waiting for images."""

from types import SimpleNamespace
from typing import Any, cast

import pytest

from boxwright.ml.training.hooks import Reporter


class Lines:
    """Keeps the lines of a job's log."""

    def __init__(self) -> None:
        self.warnings: list[str] = []

    def log(self, line: str, level: str = "info") -> None:
        if level == "warning":
            self.warnings.append(line)

    def metric(self, step: int, values: dict[str, float]) -> None:
        pass

    def progress(self, *_: Any, **__: Any) -> None:
        pass


def run(waited: float) -> Any:
    return SimpleNamespace(position=SimpleNamespace(epoch=0, step=1, waited=waited))


@pytest.mark.parametrize(
    ("share", "seconds", "told"), [(0.5, 30.0, True), (0.5, 0.2, False), (0.05, 30.0, False)], ids=str
)
def test_waiting_for_images_is_told_where_it_costs_something(share: float, seconds: float, told: bool) -> None:
    lines = Lines()
    reporter = Reporter(cast("Any", lines), cast("Any", SimpleNamespace(steps=2, iterations=2, epochs=1)))
    reporter.after_step(run(seconds), cast("Any", SimpleNamespace(loss=1.0)))
    for _ in range(2):
        reporter.after_epoch(run(0.0), {"time/waiting": share})
    assert len(lines.warnings) == int(told)
