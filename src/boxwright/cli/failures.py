"""What an error looks like to whoever typed the command: one line, and an exit code."""

import sys
from typing import NoReturn

from boxwright.domain.errors import (
    BoxwrightError,
    Invalid,
    InvalidBackup,
    InvalidDataset,
    InvalidImage,
    InvalidModel,
    InvalidVideo,
    NotFound,
)

FAILED = 1
WRONG_USE = 2
INTERRUPTED = 130


class JobFailed(BoxwrightError):
    """A job that the command waited for did not reach its end."""

    code = "job_failed"


class Interrupted(BoxwrightError):
    """The person at the keyboard pressed Ctrl-C and the work was given up."""

    code = "interrupted"


def exit_code(error: BoxwrightError) -> int:
    """Return 2 where what was typed is wrong, 1 where the work failed, 130 after Ctrl-C."""
    if isinstance(error, Interrupted):
        return INTERRUPTED
    # A broken file was named rightly; it is the work on it that fails.
    if isinstance(error, InvalidImage | InvalidVideo | InvalidDataset | InvalidModel | InvalidBackup):
        return FAILED
    return WRONG_USE if isinstance(error, Invalid | NotFound) else FAILED


def report(message: str) -> None:
    """Print `error: ...` on one line of standard error."""
    sys.stderr.write(f"error: {' '.join(message.split())}\n")


def wrong_use(message: str) -> NoReturn:
    """Raise the error for arguments that make no sense together."""
    raise Invalid(message, code="usage")
