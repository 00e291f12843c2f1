"""`boxwright sample`: into a project, and into a folder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def test_into_a_project_that_is_made(type_: Any) -> None:
    typed = type_("sample", "--project", "rendered", "--images", 5, "--seed", 2, "--json")
    assert typed.value["images_added"] == 5
    assert typed.value["splits"] == {"train": 3, "val": 1, "test": 1}
    again = type_("sample", "--project", "rendered", "--images", 5, "--seed", 2)
    assert again.code == 0
    assert "images: 0 new, 5 were there already" in again.out
    images = type_("image", "list", "--project", "rendered", "--json").value
    assert [image["state"] for image in images] == ["labeled"] * 5


def test_into_a_folder(type_: Any, tmp_path: Path) -> None:
    out = tmp_path / "coco"
    written = type_("sample", "--out", out, "--images", 5, "--json").value
    assert (written["images"], written["train"], written["val"]) == (5, 3, 1)
    document = json.loads((out / "annotations" / "instances_train.json").read_text())
    assert all(item["segmentation"]["counts"] for item in document["annotations"])
    twice = type_("sample", "--out", out)
    assert twice.code == 2
    assert "is there already" in twice.err


def test_wrong_values(type_: Any) -> None:
    for wrong in (("--images", 0), ("--seed", -1), ("--shapes", "blob")):
        assert type_("sample", *wrong).code == 2
