from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

TAKE = """
from boxwright.jobs.bounds import bound_process
bound_process(64 << 20)
bytearray({megabytes} << 20)
"""


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="this system does not tell how much a process has")
@pytest.mark.parametrize(("megabytes", "fits"), [(32, True), (2048, False)])
def test_a_process_has_what_it_had_and_its_bound(megabytes: int, fits: bool) -> None:
    code = TAKE.format(megabytes=megabytes)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode == 0) == fits
    assert ("MemoryError" in done.stderr) != fits
