"""No file over 400 lines: what is longer does more than one thing."""

from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LIMIT = 400
FOLDERS = ("src", "tests", "scripts", "benchmarks", "web/src", "hatch_build.py")
SUFFIXES = {".py", ".ts", ".tsx"}
# File -> lines it may have. This list may only shrink; the number recorded below is its size today.
EXCEPTIONS: dict[str, int] = {}
EXCEPTIONS_ALLOWED = 0


def lines_of(file: Path) -> int:
    return len(file.read_text(encoding="utf-8").splitlines())


def test_files_stay_short(tracked: Callable[..., list[Path]]) -> None:
    sources = [file for file in tracked(*FOLDERS) if file.suffix in SUFFIXES and ".gen." not in file.name]
    assert sources
    long = {
        name: lines_of(file)
        for file in sources
        if lines_of(file) > EXCEPTIONS.get(name := file.relative_to(ROOT).as_posix(), LIMIT)
    }
    assert not long, f"split these files, each after what it does: {long}"


def test_exceptions_only_shrink() -> None:
    assert len(EXCEPTIONS) <= EXCEPTIONS_ALLOWED
    stale = [name for name in EXCEPTIONS if not (ROOT / name).exists() or lines_of(ROOT / name) <= LIMIT]
    assert not stale, f"no longer needed in EXCEPTIONS: {stale}"
