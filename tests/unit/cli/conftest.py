"""One server process for all commands of a file, and a way to type a command."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from boxwright.cli.main import run
from live import LiveServer


@dataclass(frozen=True)
class Typed:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def value(self) -> Any:
        """The one JSON value on standard output."""
        assert self.code == 0, self.err
        return json.loads(self.out)


Type = Callable[..., Typed]


@pytest.fixture(scope="module")
def data_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A data folder on which a server runs."""
    server = LiveServer(tmp_path_factory.mktemp("cli") / "data").start()
    yield server.data
    server.stop()


@pytest.fixture
def type_(data_folder: Path, capsys: pytest.CaptureFixture[str]) -> Type:
    """Type a command; `--data` is added."""

    def typed(*arguments: object) -> Typed:
        capsys.readouterr()
        code = run([*map(str, arguments), "--data", str(data_folder)])
        captured = capsys.readouterr()
        return Typed(code, captured.out, captured.err)

    return typed


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """A folder with four little pictures and a file that is none."""
    import numpy as np
    from PIL import Image

    folder = tmp_path / "pictures"
    (folder / "sub").mkdir(parents=True)
    for number, name in enumerate(("a.png", "b.png", "sub/d.png", "c.png")):
        pixels = np.random.default_rng(number).integers(0, 255, (24, 32, 3), np.uint8)
        Image.fromarray(pixels).save(folder / name)
    return folder
