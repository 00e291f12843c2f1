"""What a training begins from."""

from pathlib import Path

import pytest

torch = pytest.importorskip("torch", reason="training needs boxwright[train]")

from safetensors import safe_open  # noqa: E402
from safetensors.torch import load_file  # noqa: E402

from boxwright.ml.nets.wren.learner import WrenLearner, WrenMaskLearner  # noqa: E402
from boxwright.ml.starting import FOLDER, starting_weights  # noqa: E402
from boxwright.ml.training.params import TrainingParams  # noqa: E402

WRENS = ("wren-n", "wren-s", "wren-n-seg", "wren-s-seg")


@pytest.mark.parametrize("architecture", WRENS)
def test_every_wren_begins_from_its_starter_weights(architecture: str) -> None:
    path = starting_weights({"architecture": architecture}, TrainingParams())
    assert path is not None
    seg = architecture.endswith("-seg")
    learner = (WrenMaskLearner if seg else WrenLearner)(architecture, 3, 320, weights=path)
    state = learner.net.state_dict()
    given = load_file(path)
    with safe_open(path, "pt") as file:
        assert file.metadata()["licence"] == "Apache-2.0"
    # All of it is used, and only the classes and the masks learn anew.
    assert all(torch.equal(state[key], value.to(state[key].dtype)) for key, value in given.items())
    anew = {key for key in state if key not in given}
    assert all(".score.2." in key or ".mask." in key or key.startswith("prototypes.") for key in anew)
    assert seg == any(key.startswith("prototypes.") for key in anew)
    assert all(value.isfinite().all() for value in given.values())


def test_what_is_chosen_comes_first(tmp_path: Path) -> None:
    chosen = tmp_path / "mine.safetensors"
    params = {"architecture": "wren-n", "weights": str(chosen)}
    assert starting_weights(params, TrainingParams()) == chosen
    assert starting_weights(params, TrainingParams(start="random")) == chosen
    assert starting_weights({**params, "weights": None}, TrainingParams(start="random")) is None


def test_other_families_bring_their_own() -> None:
    assert starting_weights({"architecture": "dfine-n", "weights": None}, TrainingParams()) is None


def test_the_files_are_small() -> None:
    sizes = {path.name: path.stat().st_size / 1e6 for path in FOLDER.glob("*.safetensors")}
    assert sizes.keys() == {"wren-n-starter.safetensors", "wren-s-starter.safetensors"}
    assert sizes["wren-n-starter.safetensors"] < 5 > sizes["wren-s-starter.safetensors"] / 3
