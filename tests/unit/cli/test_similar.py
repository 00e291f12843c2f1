"""`boxwright similar`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def project(type_: Any) -> str:
    return str(type_("project", "create", "alike", "--json").value["name"])


def test_similar_images_are_found(type_: Any, project: str, pictures: Path) -> None:
    assert "no images yet" in type_("similar", "run", "--project", project).err
    type_("image", "upload", pictures, "--project", project)
    assert "nobody has looked" in type_("similar", "list", "a.png", "--project", project).err
    assert "nobody has looked" in type_("similar", "map", "--project", project).out
    assert "say which image" in type_("similar", "list", "--project", project).err
    told = type_("similar", "run", "--project", project).out
    assert "wren-n with starter weights has looked at" in told
    others = type_("similar", "list", "a.png", "--project", project, "--json").value
    assert len(others) == len(type_("similar", "map", "--project", project, "--json").value) - 1
    (same,) = type_(
        "similar", "list", "--picture", pictures / "a.png", "--project", project, "--limit", "1", "--json"
    ).value
    assert same["image"]["name"] == "a.png"
