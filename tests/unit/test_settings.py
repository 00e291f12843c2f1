from pathlib import Path

import pytest

from boxwright.domain.errors import Invalid
from boxwright.settings import load


def test_the_command_line_beats_the_environment_beats_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "boxwright.toml").write_text('port = 1\nhost = "localhost"\nrunner = "local"\n')
    assert load(tmp_path).port == 1
    monkeypatch.setenv("BOXWRIGHT_PORT", "2")
    assert load(tmp_path).port == 2
    assert load(tmp_path, port=3, host=None).port == 3
    assert load(tmp_path).host == "localhost"
    assert load(tmp_path).database_url == f"sqlite:///{tmp_path / 'boxwright.db'}"


@pytest.mark.parametrize(
    "text",
    [
        "porrt = 1",
        'port = "many"',
        "port = ",
        "data = '/elsewhere'",
        "port = 99999",
        "trash_days = -1",
        "predict_threads = 0",
        "sample = 2",
        'sample = "perhaps"',
    ],
)
def test_a_wrong_setting_is_named_with_its_origin(tmp_path: Path, text: str) -> None:
    (tmp_path / "boxwright.toml").write_text(text)
    with pytest.raises(Invalid, match=r"boxwright\.toml") as caught:
        load(tmp_path)
    assert caught.value.code == "settings_invalid"


def test_the_data_folder_can_come_from_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOXWRIGHT_DATA", str(tmp_path / "here"))
    assert load().data == tmp_path / "here"


def test_a_switch_is_true_or_false(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert load(tmp_path).sample is True
    monkeypatch.setenv("BOXWRIGHT_SAMPLE", "0")
    assert load(tmp_path).sample is False
    (tmp_path / "boxwright.toml").write_text("sample = true\n")
    assert load(tmp_path).sample is False
    assert load(tmp_path, sample=True).sample is True
