import pytest

from boxwright.cli.failures import JobFailed, exit_code, report
from boxwright.cli.progress import duration, progress
from boxwright.cli.shell import table
from boxwright.domain.errors import Conflict, Invalid, InvalidDataset, NotFound, Unavailable


def test_numbers_stand_to_the_right() -> None:
    assert table(["name", "n"], [["a", "7"], ["long", "1234"]]) == ["name     n", "a        7", "long  1234"]


def test_progress_without_a_terminal_is_lines(capsys: pytest.CaptureFixture[str]) -> None:
    with progress("Train a") as show:
        show(0, 3, "epoch 0/3")
        show(1, 3, "epoch 1/3")
        show(3, 3, "epoch 3/3")
        show(3, 3, "epoch 3/3")
    captured = capsys.readouterr()
    assert captured.err.splitlines() == ["Train a: 0 % epoch 0/3", "Train a: 100 % epoch 3/3"]
    assert not captured.out


@pytest.mark.parametrize(
    ("seconds", "text"), [(None, ""), (0.2, "1 s left"), (61, "61 s left"), (600, "10 min left"), (9000, "2.5 h left")]
)
def test_time_left(seconds: float | None, text: str) -> None:
    assert duration(seconds) == text


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (Invalid("x"), 2),
        (NotFound("x"), 2),
        (InvalidDataset("x"), 1),
        (Conflict("x"), 1),
        (Unavailable("x"), 1),
        (JobFailed("x"), 1),
    ],
)
def test_exit_codes(error: Invalid, code: int) -> None:
    assert exit_code(error) == code


def test_an_error_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    report("two\nlines")
    assert capsys.readouterr().err == "error: two lines\n"
