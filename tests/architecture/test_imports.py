"""What an import may pull in: ml needs neither web nor database, the server process never loads torch."""

import ast
import json
import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "boxwright"
WEB_AND_DATABASE = {"fastapi", "starlette", "uvicorn", "sqlalchemy", "alembic"}
TRAINING = {"torch", "torchvision", "onnx", "onnxscript", "triton"}


def loaded_by(module: str) -> set[str]:
    """Top-level packages in memory after `import module` in a fresh interpreter."""
    code = f"import {module}, sys, json; print(json.dumps(sorted({{name.partition('.')[0] for name in sys.modules}})))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout.splitlines()[-1]))


@pytest.mark.parametrize(
    ("module", "kept_out"),
    [
        ("boxwright.domain", WEB_AND_DATABASE | TRAINING | {"pydantic", "httpx", "cv2", "pyvips"}),
        ("boxwright.media", WEB_AND_DATABASE | TRAINING),
        ("boxwright.formats.registry", WEB_AND_DATABASE | TRAINING),
        ("boxwright.jobs", WEB_AND_DATABASE | TRAINING),
        ("boxwright.ml", WEB_AND_DATABASE),
        ("boxwright.ml.registry", WEB_AND_DATABASE | TRAINING),
        ("boxwright.ml.adapters.onnx", WEB_AND_DATABASE | TRAINING),
        ("boxwright.ml.tasks.predict", WEB_AND_DATABASE | TRAINING),
        ("boxwright.ml.tasks.evaluate", WEB_AND_DATABASE | TRAINING),
        ("boxwright.client", WEB_AND_DATABASE | TRAINING),
        ("boxwright.api.app", TRAINING),
        ("boxwright.cli.main", TRAINING),
    ],
)
def test_import_stays_light(module: str, kept_out: set[str]) -> None:
    heavy = loaded_by(module) & kept_out
    assert not heavy, f"importing {module} loads {sorted(heavy)}"


def imported_packages(*folders: Path) -> dict[str, set[str]]:
    """Third-party top-level package -> files that import it."""
    found: dict[str, set[str]] = {}
    for file in (file for folder in folders for file in folder.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names: list[str] = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
                names = [node.module]
            for name in names:
                top = name.partition(".")[0]
                if top != "boxwright" and top not in sys.stdlib_module_names:
                    found.setdefault(top, set()).add(file.relative_to(ROOT).as_posix())
    return found


def canonical(requirement: str) -> str:
    name = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert name is not None
    return re.sub(r"[-_.]+", "-", name.group()).lower()


def undeclared(packages: dict[str, set[str]], *extras: str) -> dict[str, list[str]]:
    """Of these packages, those that neither the base install nor one of the extras brings."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    groups = [project["dependencies"], *(project["optional-dependencies"][extra] for extra in extras)]
    declared = {canonical(item) for group in groups for item in group}
    providers = packages_distributions()
    return {
        package: sorted(files)
        for package, files in packages.items()
        if not {canonical(dist) for dist in providers.get(package, [package])} & declared
    }


def test_every_import_is_a_declared_dependency() -> None:
    missing = undeclared(imported_packages(SOURCE), "train", "ray", "ultralytics")
    assert not missing, f"imported but not in pyproject.toml: {missing}"


def test_every_import_of_the_tests_is_declared() -> None:
    folders = [ROOT / name for name in ("tests", "scripts", "benchmarks")]
    local = {file.stem for folder in folders for file in folder.rglob("*.py")}
    packages = {name: files for name, files in imported_packages(*folders).items() if name not in local}
    missing = undeclared(packages, "train", "dev")
    assert not missing, f"imported but not in pyproject.toml: {missing}"
