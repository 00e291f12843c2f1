"""Mutated annotation files and archives: no crash, no hang, no gigabyte, no file outside the folder.

Some every day; `make soak` runs 10,000 (FUZZ_CASES, FUZZ_SEED).
"""

import json
import os
import subprocess
import sys
from pathlib import Path

CASES = int(os.environ.get("FUZZ_CASES", "200"))
SEED = int(os.environ.get("FUZZ_SEED", "1"))
TESTS = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("BOXWRIGHT_TEST_DATA", TESTS.parent.parent / "shared" / "data"))


def test_mutated_datasets(tmp_path):
    data = [str(DATA)] if DATA.is_dir() else []  # without it, our own exports are what is mutated
    command = [sys.executable, str(TESTS / "fuzzing.py"), str(CASES), str(SEED), str(tmp_path / "fuzz"), *data]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(TESTS.parent / "src"), str(TESTS)))}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    found = json.loads(done.stdout)
    assert not found["failures"], "\n".join(found["failures"][:5])
    assert not found["outside"]
    assert found["peak_mib"] < 1024
    assert sum(found["outcome"].values()) == CASES
    assert sum(count for what, count in found["outcome"].items() if what.startswith("read as")) > CASES / 4
