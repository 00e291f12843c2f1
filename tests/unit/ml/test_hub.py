"""Downloads against a real server: resumed after a cut, refused when wrong, one clear line when there is no network."""

import json
import socket
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from boxwright.domain.errors import Cancelled, Invalid, InvalidModel, NotFound, Unavailable
from boxwright.ml import pretrained
from boxwright.ml.hub import Hub
from boxwright.ml.tasks import fetch
from hub_server import COMMIT, HubState, hub
from learning import Recorder

REPO = "somebody/dfine-tiny"
CONFIG = {"model_type": "d_fine", "architectures": ["DFineForObjectDetection"]}


def folder_of_weights(folder: Path) -> Path:
    folder.mkdir()
    (folder / "config.json").write_text(json.dumps(CONFIG))
    (folder / "preprocessor_config.json").write_text(json.dumps({"do_normalize": False}))
    save_file({"a": np.arange(100_000, dtype=np.float32)}, folder / "model.safetensors")
    (folder / "README.md").write_text("not asked for")
    return folder


@pytest.fixture
def served(tmp_path: Path) -> Iterator[HubState]:
    with hub({REPO: folder_of_weights(tmp_path / "repo")}) as state:
        yield state


def params(state: HubState, **changes: object) -> dict[str, object]:
    known = {"repo": REPO, "endpoint": state.url, "licence": "apache-2.0", "said": "Apache-2.0", "pause": 0.0}
    return {**known, **changes}


def work(tmp_path: Path) -> Recorder:
    (tmp_path / "job").mkdir(exist_ok=True)
    return Recorder(tmp_path / "job")


def test_what_comes_is_one_file_that_says_everything(served: HubState, tmp_path: Path) -> None:
    context = work(tmp_path)
    result = fetch.run(params(served), context)
    assert result["model_type"] == "d_fine"
    assert result["source"] == f"{served.url}/{REPO}/tree/{COMMIT}"
    path = context.workdir / str(result["file"])
    assert load_file(path)["a"].tolist() == list(range(100_000))
    header = json.loads(path.read_bytes()[8 : 8 + int.from_bytes(path.read_bytes()[:8], "little")])["__metadata__"]
    assert json.loads(header["config"]) == CONFIG
    assert json.loads(header["preprocessor"]) == {"do_normalize": False}
    assert header["licence"] == "Apache-2.0"
    assert "downloading" in context.phases
    assert not any("README" in path for path, _ in served.asked)


def test_a_cut_download_goes_on_where_it_was(served: HubState, tmp_path: Path) -> None:
    served.cut = 3
    fetch.run(params(served), work(tmp_path))
    ranges = [given for path, given in served.asked if path.endswith("cdn/" + REPO + "/model.safetensors")]
    starts = [int(given.removeprefix("bytes=").rstrip("-")) if given else 0 for given in ranges]
    assert len(starts) == 4
    assert starts == sorted(set(starts))


def test_a_hub_without_ranges_sends_it_again(served: HubState, tmp_path: Path) -> None:
    served.cut, served.ranges = 1, False
    fetch.run(params(served), work(tmp_path))


def test_a_stopped_download_is_continued_by_the_next_try(served: HubState, tmp_path: Path) -> None:
    with Hub(served.url, stopping=lambda: True) as stops, pytest.raises(Cancelled):
        stops.fetch(stops.listing(REPO), tmp_path / "d")
    assert list((tmp_path / "d").iterdir())
    with Hub(served.url) as again:
        again.fetch(again.listing(REPO), tmp_path / "d")
    assert {path.name for path in (tmp_path / "d").iterdir()} == set(pretrained.FILES)


def test_other_bytes_are_thrown_away(served: HubState, tmp_path: Path) -> None:
    served.spoil = True
    context = work(tmp_path)
    with pytest.raises(Invalid, match="wrong checksum") as caught:
        fetch.run(params(served), context)
    assert caught.value.code == "hub_checksum"
    assert not list((context.workdir / "download").iterdir())


def test_a_licence_that_changed_stops_it(served: HubState, tmp_path: Path) -> None:
    served.licence = "agpl-3.0"
    with pytest.raises(Invalid, match=r"agpl-3\.0") as caught:
        fetch.run(params(served), work(tmp_path))
    assert caught.value.code == "licence_changed"
    assert len(served.asked) == 1


@pytest.mark.parametrize("fault", ["empty", "circle"])
def test_a_hub_that_never_sends_the_bytes_is_given_up(served: HubState, tmp_path: Path, fault: str) -> None:
    setattr(served, fault, True)
    with pytest.raises(Unavailable, match="add-weights"):
        fetch.run(params(served), work(tmp_path))


def test_what_is_not_there(served: HubState, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="has no some/thing"):
        fetch.run(params(served, repo="some/thing"), work(tmp_path))


def test_without_a_network_one_line_says_what_to_do(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        endpoint = f"http://127.0.0.1:{free.getsockname()[1]}"
        with Hub(endpoint, pause=0.0) as nowhere, pytest.raises(Unavailable, match="add-weights") as caught:
            nowhere.listing(REPO)
    assert caught.value.code == "hub_offline"
    assert "\n" not in caught.value.message


def test_a_repository_of_pickles_is_refused(served: HubState, tmp_path: Path) -> None:
    folder = served.repos[REPO]
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")
    with pytest.raises(Invalid, match="only safetensors"):
        fetch.run(params(served), work(tmp_path))


@pytest.mark.parametrize("case", ["pickle", "parts", "no config", "no json", "no tensors", "foreign"])
def test_folders_that_are_refused(tmp_path: Path, case: str) -> None:
    folder = folder_of_weights(tmp_path / "repo")
    weights, config = folder / "model.safetensors", folder / "config.json"
    if case == "pickle":
        weights.rename(folder / "pytorch_model.bin")
    if case == "parts":
        weights.rename(folder / "model.safetensors.index.json")
    if case == "no config":
        config.unlink()
    if case == "no json":
        config.write_text("[1]")
    if case == "no tensors":
        weights.write_bytes(b"\x08\0\0\0\0\0\0\0notjson!")
    if case == "foreign":
        config.write_text(json.dumps({"model_type": "bert"}))
    words = {"pickle": "pickle", "parts": "several parts", "no config": "config.json is missing", "no json": "no JSON",
             "no tensors": "no safetensors", "foreign": "'bert'"}  # fmt: skip
    with pytest.raises(InvalidModel, match=words[case]):
        pretrained.fitting(pretrained.pack(folder, tmp_path / "out.safetensors", {}))
