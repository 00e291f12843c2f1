"""Commands that die on their way, at a point that a test names."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

# Runs a command of ours, and dies at a point of its way as by kill -9.
DYING = """
import os, signal, sys
from pathlib import Path
def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)
def after(function, count):
    calls = []
    def counted(*arguments, **options):
        calls.append(1)
        if len(calls) > count:
            die()
        return function(*arguments, **options)
    return counted
{point}
from boxwright.cli.main import run
sys.exit(run(sys.argv[1:]))
"""


def dies(point: str, *arguments: object) -> None:
    """Run a command; `point` is Python that puts `die`, or `after`, in the place of a function."""
    command = [sys.executable, "-c", DYING.replace("{point}", point), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=dict(os.environ))
    assert done.returncode == -signal.SIGKILL, done.stderr
