"""What a prediction run found, as files in a folder."""

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from boxwright.cli.failures import wrong_use
from boxwright.cli.packing import unpack_into
from boxwright.domain.looks import MAX_OVERLAP, MAX_TILE

if TYPE_CHECKING:
    from boxwright.client import Client
    from boxwright.client.models import ResultFormat
    from boxwright.domain.predictions import Run

# Format -> file in the folder; None for an archive that is unpacked there.
_FILES: dict[str, str | None] = {
    "csv": "detections.csv",
    "coco": "detections.coco.json",
    "json": "detections.json",
    "yolo": None,
    "images": None,
}

OutOption = Annotated[Path, typer.Option("--out", help="Folder for the results.")]
FormatsOption = Annotated[
    str, typer.Option("--format", metavar="LIST", help="Any of csv, coco, yolo, json, images, with commas.")
]
TileOption = Annotated[
    int,
    typer.Option(
        "--tile", min=0, max=MAX_TILE, help="Also look at tiles of so many pixels, for small objects; 0: no tiles."
    ),
]
OverlapOption = Annotated[
    float, typer.Option("--overlap", min=0, max=MAX_OVERLAP, help="Part of a tile that its neighbour shares.")
]
MirrorOption = Annotated[bool, typer.Option("--mirror", help="Also look at everything mirrored; twice the work.")]
ThresholdOption = Annotated[
    float | None,
    typer.Option(
        "--threshold",
        min=0,
        max=1,
        help="Least score; by default the operating score of each class.",
        show_default=False,
    ),
]


def formats_of(given: str, out: Path) -> "list[ResultFormat]":
    """Return the formats in a list with commas, each once. Raises Invalid for others, and where `out` is a file."""
    wanted = [item.strip() for item in given.split(",") if item.strip()]
    unknown = [item for item in wanted if item not in _FILES]
    if unknown or not wanted:
        wrong_use(f"--format {given!r}: choose from {', '.join(_FILES)}")
    if out.exists() and not out.is_dir():
        wrong_use(f"{out} is a file; --out is a folder")
    return cast("list[ResultFormat]", list(dict.fromkeys(wanted)))


def save_results(
    client: "Client", run: "Run", formats: "Sequence[ResultFormat]", out: Path, score: float | None
) -> list[Path]:
    """Write detections into a folder and return what was written, one path a format.

    Those of at least `score`; None takes the operating score of each class.
    """
    return [_save(client, run, item, out, score) for item in formats]


def _save(client: "Client", run: "Run", format: "ResultFormat", out: Path, score: float | None) -> Path:
    file = _FILES[format]
    least: dict[str, Any] = {"operating": True} if score is None else {"min_score": score}
    if file is not None:
        return client.runs.download(run.id, out / file, format, **least)
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".boxwright-", dir=out) as folder:
        archive = client.runs.download(run.id, Path(folder) / "results.zip", format, **least)
        unpack_into(archive, out)
    return out / ("labels" if format == "yolo" else "images")
