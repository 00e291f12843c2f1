"""How hard a task is asked to stop, and when."""

import time

from boxwright.domain.jobs import BREAKS_OFF, Stopping
from boxwright.jobs.runners.base import Handle
from boxwright.jobs.timings import Timings


class Force:
    """Escalation of `discard` and `pause`: asked, then SIGTERM, then SIGKILL."""

    def __init__(self, handle: Handle, timings: Timings) -> None:
        self._handle, self._timings = handle, timings
        self._asked: Stopping = ""
        self._terminated = False
        self.at = float("inf")

    def ask(self, mode: Stopping) -> None:
        """Pass a request on; start the clock for what breaks the task off."""
        if mode and mode != self._asked:
            self._asked = mode
            self._handle.request_stop(mode)
            if mode in BREAKS_OFF:
                self.at = time.monotonic() + self._timings.terminate_after

    def tick(self) -> None:
        """Take the next step when its time has come."""
        if time.monotonic() < self.at:
            return
        if self._terminated:
            self._handle.kill()
            self.at = float("inf")
        else:
            self._handle.terminate()
            self._terminated = True
            self.at = time.monotonic() + self._timings.kill_after
