"""Every command explains itself."""

import re
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
import typer

from boxwright import __version__
from boxwright.cli.main import program, run


def walk(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    for name, child in getattr(command, "commands", {}).items():
        yield from walk(child, (*path, name))
    if not hasattr(command, "commands"):
        yield path, command


COMMANDS = dict(walk(typer.main.get_command(program())))


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_help_has_an_example_that_parses(path: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    command = COMMANDS[path]
    assert command.help
    assert all(item.help for item in command.params if not getattr(item, "hidden", False) and item.name != "help")
    assert run([*path, "--help"]) == 0
    text = capsys.readouterr().out
    example = re.search(r"Example: (boxwright [^\n]*)", command.epilog or "")
    assert example is not None
    assert "Example:" in text
    words = example.group(1).replace('"', "").split()[1:]
    assert tuple(words[: len(path)]) == path
    options = {name for item in command.params for name in (*item.opts, *item.secondary_opts)}
    assert {word for word in words if word.startswith("--")} <= options


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_common_options(path: tuple[str, ...]) -> None:
    options = {name for item in COMMANDS[path].params for name in item.opts}
    assert "--data" in options
    assert path == ("serve",) or {"--json", "--server"} <= options


def test_commands_of_the_design_exist() -> None:
    expected = """serve|project create|project list|project delete|class list|class add|import|export|train|evaluate
    |predict|label|proposals accept|proposals reject|image empty
    |model list|model import|model export|job list|job show|job cancel|job resume|image list
    |image upload|split show|version list|version create
    |user create|user list|user disable|user enable|user password|member add|member remove|member list
    |token create|token list|token revoke|audit list|backup|restore"""
    assert {item.strip() for item in expected.split("|")} <= {" ".join(path) for path in COMMANDS}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["trian"], "Did you mean 'train'"),
        (["train", "--bogus"], "--bogus; see `boxwright train --help`"),
        (["project", "create"], "Missing argument 'NAME'"),
        (["train", "--epochs", "many"], "'--epochs'"),
        (["train", "--resume", "x", "--epochs", "3"], "--resume goes on as the job was started"),
        (["predict", "gone.jpg", "--model", "m", "--out", "o"], "no file or folder gone.jpg"),
        (["predict", ".", "--model", "m", "--out", "o", "--format", "png"], "choose from csv, coco"),
        (["import", "gone", "--project", "p"], "no file or folder gone"),
        (["export", "--project", "p", "--format", "coco", "--out", "/"], "/ is there already"),
        (["label", "--project", "p"], "name a --project and a --model, or a run to --undo"),
        (["label", "--project", "p", "--model", "m", "--class-threshold", "a=much"], "is not a number from 0 to 1"),
        (["project", "list", "--server", "nonsense"], "no server address"),
        (["serve", "--host", "0.0.0.0"], "make one with `boxwright user create NAME --admin`"),
    ],
)
def test_wrong_use_is_one_line_and_code_2(
    arguments: list[str], words: str, capsys: pytest.CaptureFixture[str], tmp_path: Any, monkeypatch: Any
) -> None:
    monkeypatch.setenv("BOXWRIGHT_DATA", str(tmp_path / "data"))
    assert run(arguments) == 2
    captured = capsys.readouterr()
    assert not captured.out
    assert captured.err.startswith("error: ")
    assert captured.err.count("\n") == 1
    assert words in captured.err


def test_the_server_starts_light() -> None:
    code = "import sys, boxwright.api.server, boxwright.api.app\n"
    code += "print(sorted({'alembic', 'cv2', 'httpx', 'rich', 'torch', 'onnxruntime', 'pyvips'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout == "[]\n", done.stderr


def test_version_is_light() -> None:
    code = "import sys; sys.argv[1:] = ['--version']\nfrom boxwright.cli.main import app_main\ntry: app_main()\n"
    code += "finally: print(sorted({'httpx', 'numpy', 'rich.progress', 'fastapi'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout.splitlines() == [f"boxwright {__version__}", "[]"], done.stderr
