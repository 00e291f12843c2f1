"""What exists is documented: every setting, every command, every architecture decision."""

import re
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest

from boxwright.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"


@pytest.mark.parametrize("name", [field.name for field in fields(Settings)])
def test_setting_is_documented(name: str) -> None:
    page = (DOCS / "settings.md").read_text()
    assert f"| `{name}` |" in page, f"add a row for {name} to docs/settings.md"
    assert f"`BOXWRIGHT_{name.upper()}`" in page


def test_no_setting_is_documented_that_does_not_exist() -> None:
    rows = set(re.findall(r"^\| `(\w+)` \|", (DOCS / "settings.md").read_text(), re.M))
    assert rows == {field.name for field in fields(Settings)}


def test_command_reference_is_current() -> None:
    command = [sys.executable, ROOT / "scripts" / "reference.py", "--check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_commands_in_the_readme_exist() -> None:
    sections = re.split(r"^#+ `boxwright ?", (DOCS / "cli.md").read_text(), flags=re.M)[1:]
    known = {section.partition("`")[0]: section for section in sections}
    lines = re.findall(r"^boxwright (.+)$", (ROOT / "README.md").read_text(), re.M)
    assert lines
    for line in lines:
        words = line.partition("#")[0].split()
        section = known.get(" ".join(words[:2])) or known.get(words[0])
        assert section is not None, f"no such command: boxwright {line}"
        missing = [
            word for word in words if word.startswith("--") and f"{word} " not in section and f"{word}`" not in section
        ]
        assert not missing, f"boxwright {line}"


def test_decisions_are_listed() -> None:
    index = (DOCS / "index.md").read_text()
    missing = [page.name for page in sorted((DOCS / "adr").glob("*.md")) if f"adr/{page.name}" not in index]
    assert not missing, "list these in docs/index.md"


def test_links_between_pages_hold() -> None:
    pages = [*DOCS.rglob("*.md"), *ROOT.glob("*.md")]
    broken = [
        f"{page.relative_to(ROOT)} -> {target}"
        for page in pages
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text())
        if "://" not in target and not (page.parent / target).exists()
    ]
    assert not broken
