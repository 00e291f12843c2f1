import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "scripts"))
import licences
import web


@pytest.mark.parametrize(
    "licence",
    ["MIT", "BSD-3-Clause", "Apache-2.0 WITH LLVM-exception", "LGPL-3.0-only", "Mozilla Public License 2.0 (MPL 2.0)"],
)
def test_allowed(licence: str) -> None:
    assert licences.judge("wheel", licence) == ""


@pytest.mark.parametrize(
    "licence",
    [
        "GPL-3.0-only",
        "AGPL-3.0",
        "MIT AND GPL-2.0-or-later",
        "GNU Affero General Public License v3",
        "GPLv2",
        "",
        "Ours",
    ],
)
def test_refused(licence: str) -> None:
    assert "wheel" in licences.judge("wheel", licence)


def test_gpl_build_of_a_bundled_library_is_found(tmp_path: Path) -> None:
    lesser, full, named = tmp_path / "libavcodec-1.so.62", tmp_path / "libavcodec-2.so.62", tmp_path / "libx264-3.so"
    lesser.write_bytes(b"\x7fELF --enable-shared")
    full.write_bytes(b"\x7fELF --enable-shared --enable-gpl")
    named.write_bytes(b"\x7fELF")
    assert licences.judge_library("wheel", lesser) == ""
    assert "GPL" in licences.judge_library("wheel", full)
    assert "libx264" in licences.judge_library("wheel", named)


@pytest.mark.parametrize("version", [(20, 19, 0), (22, 12, 0), (24, 0, 0), (26, 1, 0)])
def test_usable_node(version: tuple[int, ...]) -> None:
    assert web.usable(version)


@pytest.mark.parametrize("version", [(0,), (18, 20, 0), (20, 18, 0), (21, 7, 0), (22, 11, 0), (23, 1, 0)])
def test_node_too_old(version: tuple[int, ...]) -> None:
    assert not web.usable(version)
