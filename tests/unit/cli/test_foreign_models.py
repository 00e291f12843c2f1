"""Detectors from elsewhere, in the shell."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import foreign_onnx
from darknet_nets import write_triple
from encoders import KINDS, TRUTH
from handing import click_models


@pytest.fixture
def network(tmp_path: Path) -> Path:
    return foreign_onnx.write(tmp_path / "street.onnx", KINDS["yolox"][1](TRUTH), picture=(1, 3, 128, 128))


@pytest.fixture
def project(type_: Any, request: pytest.FixtureRequest) -> str:
    name = request.node.name
    assert type_("project", "create", name).code == 0
    return name


def test_look_import_and_correct(type_: Any, project: str, network: Path, tmp_path: Path) -> None:
    names = tmp_path / "names.txt"
    names.write_text("disc\nring\nstar\n")
    look = type_("model", "inspect", network, "--project", project)
    assert look.code == 0
    assert "YOLOX (sure)" in look.out
    assert "1 x 336 x 8" in look.out
    dry = type_("model", "import", network, "--project", project, "--dry-run", "--classes", names, "--json").value
    assert [item["name"] for item in dry["card"]["classes"]] == ["disc", "ring", "star"]
    assert type_("model", "list", "--project", project, "--json").value == []

    made = type_(
        "model", "import", network, "--project", project, "--name", "mine", "--classes", names, "--mean", "1,2,3",
        "--std", "58", "--channels", "rgb", "--placement", "stretch", "--licence", "MIT", "--json",
    ).value  # fmt: skip
    card = made["card"]
    assert (made["name"], card["licence"], card["decoder"]) == ("mine", "MIT", "yolox")
    assert card["input"]["mean"] == [1, 2, 3]
    assert card["input"]["std"] == [58, 58, 58]
    assert (card["input"]["channels"], card["input"]["placement"]) == ("rgb", "stretch")

    again = type_("model", "correct", "mine", "--project", project, "--score", "0.4", "--option", "grid=raw", "--json")
    assert again.value["card"]["score_threshold"] == 0.4
    shown = type_("model", "show", "mine", "--project", project)
    assert "decoder    yolox (grid raw, scores probabilities)" in shown.out


def test_an_unknown_file_names_the_decoders_to_choose_from(type_: Any, project: str, tmp_path: Path) -> None:
    table = np.array([[[10, 20, 40, 40, 4.0, 3.0, -9.0]]], np.float32)
    path = foreign_onnx.write(tmp_path / "odd.onnx", {"out": table}, picture=(1, 3, 128, 128))
    look = type_("model", "inspect", path, "--project", project)
    assert look.code == 0
    assert "not recognised; choose --decoder (yolov10, custom can read such outputs)" in look.out
    refused = type_("model", "import", path, "--project", project)
    assert (refused.code, "choose the decoder" in refused.err) == (1, True)
    told = ("row=box_scores", "format=xywh", "scores=logits", "objectness=yes")
    options = [part for item in told for part in ("--option", item)]
    done = type_("model", "import", path, "--project", project, "--decoder", "custom", *options, "--json")
    assert (done.value["card"]["decoder"], len(done.value["card"]["classes"])) == ("custom", 2)


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("--input-size", "wide"), 2, "should look like 640x480"),
        (("--mean", "1,2"), 2, "one number, or three"),
        (("--option", "grid"), 2, "key=value"),
        (("--input-size", "64x64"), 1, "takes pictures 128 pixels wide, not 64"),
        (("--decoder", "detr"), 1, "decoder detr does not fit"),
        (("--option", "grid=round"), 1, "decoder yolox knows raw, decoded"),
    ],
)
def test_what_cannot_be(
    type_: Any, project: str, network: Path, arguments: tuple[str, ...], code: int, words: str
) -> None:
    done = type_("model", "import", network, "--project", project, *arguments)
    assert (done.code, done.out) == (code, "")
    assert words in done.err.strip().splitlines()[-1]


def test_the_files_of_darknet_together(type_: Any, project: str, tmp_path: Path) -> None:
    triple = write_triple(tmp_path)
    look = type_("model", "inspect", *triple, "--project", project)
    assert look.code == 0
    assert "a Darknet detector (yolov4-tiny)" in look.out
    made = type_("model", "import", *triple, "--project", project, "--json").value
    assert (made["name"], made["architecture"], made["card"]["decoder"]) == ("obj", "yolov4-tiny", "yolov5")
    assert type_("model", "import", triple[2], "--project", project).code == 1


def test_sam_is_imported_and_refused_where_a_detector_is_needed(type_: Any, project: str) -> None:
    files = click_models()
    assert "is the encoder of SAM" in type_("model", "inspect", files[0], "--project", project).err
    look = type_("model", "inspect", *files, "--project", project)
    assert "SAM (sure)" in look.out
    assert type_("model", "import", *files, "--project", project, "--name", "sam tiny").code == 0
    [row] = type_("model", "list", "--project", project, "--json").value
    assert (row["name"], row["task"]) == ("sam tiny", "assist")
    assert type_("model", "show", "sam tiny", "--project", project).code == 0
    assert type_("model", "show", "latest", "--project", project).code == 2  # there is no detector
    refused = type_("evaluate", "--project", project, "--model", "sam tiny")
    assert refused.code == 2
    assert "'sam tiny' outlines what is clicked on in the editor; it cannot predict" in refused.err
    assert type_("model", "delete", "sam tiny", "--project", project).code == 0
    assert type_("model", "list", "--project", project, "--json").value == []
