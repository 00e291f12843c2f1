"""What must not be in the tree: paths of somebody's machine, addresses of a registry, things that postpone work."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

MACHINE = re.compile(rb"(/home/(?!me/|x/|user/)[a-z]\w*/|/Users/[A-Z]\w*/|/root/|[A-Z]:\\\\Users\\\\|/work/|/opt/pypi)")
REGISTRY = re.compile(
    rb"https?://(?!registry\.npmjs\.org|pypi\.org)[\w.-]*(registry|artifactory|nexus|pypi|npm)[\w.-]*[/:]"
)
HERE = "tests/architecture/test_tree.py"


@pytest.fixture
def text_files(tracked: Callable[..., list[Path]]) -> list[tuple[str, bytes]]:
    files = [(file.relative_to(ROOT).as_posix(), file.read_bytes()) for file in tracked(".")]
    return [(name, data) for name, data in files if b"\0" not in data[:8000] and name != HERE]


@pytest.mark.parametrize("pattern", [MACHINE, REGISTRY], ids=["machine paths", "registry hosts"])
def test_tree_is_free_of(pattern: re.Pattern[bytes], text_files: list[tuple[str, bytes]]) -> None:
    found = [f"{name}: {hit.group().decode()}" for name, data in text_files for hit in pattern.finditer(data)]
    assert not found


def test_nothing_is_postponed(text_files: list[tuple[str, bytes]]) -> None:
    words = re.compile(rb"\b(TODO|FIXME|XXX|HACK)\b")
    code = [(name, data) for name, data in text_files if name.endswith((".py", ".ts", ".tsx", ".toml", ".yml"))]
    found = [f"{name}: {hit.group().decode()}" for name, data in code for hit in words.finditer(data)]
    assert not found, "do it now or open an issue"


def test_lockfile_names_no_host() -> None:
    lock = (ROOT / "web" / "package-lock.json").read_text()
    assert '"resolved"' not in lock


def test_every_package_is_a_package() -> None:
    # A folder without __init__.py is invisible to import-linter, and its imports would go unchecked.
    folders = {file.parent for file in (ROOT / "src" / "boxwright").rglob("*.py")}
    bare = {folder.name for folder in folders if not (folder / "__init__.py").exists()}
    assert bare <= {"versions"}, "only Alembic's folder of scripts is no package"
