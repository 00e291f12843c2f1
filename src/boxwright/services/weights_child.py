"""Exports weights that Boxwright saved, in a process of its own: `python -m boxwright.services.weights_child`.

The order has `weights`, `card` and `out`; see `boxwright.services.model_check`.
"""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from boxwright.domain.errors import InvalidModel
from boxwright.services.model_archive import read_card
from boxwright.services.model_process import answer


def load() -> None:
    """Import torch. Raises InvalidModel where it is not installed."""
    from boxwright.ml.registry import has_torch

    if not has_torch():
        raise InvalidModel(
            'weights without their ONNX file need PyTorch to become a model: pip install "boxwright[train]", or add '
            "the ONNX file",
            code="torch_missing",
        )
    import boxwright.ml.export.again  # noqa: F401


def run(order: Mapping[str, Any]) -> dict[str, object]:
    """Write the file. Raises InvalidModel."""
    from boxwright.ml.export.again import export_again

    export_again(Path(order["weights"]), read_card(Path(order["card"])), Path(order["out"]))
    return {}


if __name__ == "__main__":
    sys.exit(answer(run, load))
