"""How a model errs, for people, and its curves as a file."""

import csv
from pathlib import Path
from typing import Annotated

import typer

from boxwright.cli.metrics import figure
from boxwright.cli.shell import table
from boxwright.domain.quality import BACKGROUND, STEPS, QualityReport, Twins

CurvesOption = Annotated[
    Path | None,
    typer.Option("--curves", metavar="FILE", help="CSV to write the curves of each class to.", show_default=False),
]
_WORDS = {
    "classification": "wrong class",
    "localization": "wrong place",
    "both": "wrong class and place",
    "duplicate": "second box on an object",
    "background": "box on the background",
    "missed": "object not found",
}
_WORST = 10


def report_lines(report: QualityReport) -> list[str]:
    """Return the kinds of errors, the worst confusions and the calibration as lines."""
    right, wrong, lost = report.true_positives, report.false_positives, report.false_negatives
    errors = [[_WORDS[item.kind], str(item.count), figure(item.delta_ap)] for item in report.errors]
    names = {item.class_id: item.name for item in report.classes}
    mixed = sorted((cell for cell in report.confusions if cell.truth != cell.found), key=lambda cell: -cell.count)
    cells = [[_class(names, cell.truth), _class(names, cell.found), str(cell.count)] for cell in mixed[:_WORST]]
    error = report.calibration.error
    return [
        f"at the operating scores: {right} right, {wrong} wrong, {lost} missed",
        *table(["error", "count", "AP50 lost"], errors),
        *(["", *table(["is", "taken for", "count"], cells)] if cells else []),
        "",
        *_twin_lines(report.twins),
        f"expected calibration error {figure(error)} (scores from {report.calibration.least:g})",
    ]


def _twin_lines(twins: Twins | None) -> list[str]:
    if twins is None or not twins.images:
        return []
    pairs = [f"  {pair.name} ~ {pair.twin_name}" for pair in twins.pairs[:_WORST]]
    more = [f"  and {twins.images - _WORST} more"] if twins.images > _WORST else []
    return [f"{twins.images} images have a near twin in train, so these figures may be too good:", *pairs, *more, ""]


def _class(names: dict[str, str], class_id: str | None) -> str:
    return BACKGROUND if class_id is None else names.get(class_id, class_id)


def write_curves(path: Path, report: QualityReport) -> None:
    """Write precision at each recall, and precision, recall and F1 at each score, as CSV."""
    with path.open("w", newline="", encoding="utf-8") as out:
        lines = csv.writer(out)
        lines.writerow(["class", "step", "precision_at_recall", "precision_at_score", "recall_at_score", "f1_at_score"])
        for item in report.classes:
            columns = zip(STEPS, item.pr, item.precision, item.recall, item.f1, strict=False)
            lines.writerows([item.name, *row] for row in columns)
