"""Write the network that compares pictures before a project has a model of its own: `python scripts/features.py`.

It is the backbone of wren-n with its starter weights, in half precision, so that the wheel stays small.
"""

import tempfile
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from safetensors.torch import load_file

from boxwright.ml.registry import lookup
from boxwright.ml.selection.features import STARTER, STARTER_INPUT, cut_off
from boxwright.ml.starting import FOLDER


def main() -> None:
    """Load the weights, export, cut off, halve."""
    learner = lookup("wren-n", "detect", "torch")("wren-n", 1, STARTER_INPUT.width)
    own, kept = learner.net.state_dict(), load_file(FOLDER / "wren-n-starter.safetensors")
    learner.net.load_state_dict(
        own | {name: kept[name].float() for name in own if name in kept and own[name].shape == kept[name].shape}
    )
    with tempfile.TemporaryDirectory() as folder:
        whole, part = Path(folder) / "whole.onnx", Path(folder) / "part.onnx"
        side = STARTER_INPUT.width
        torch.onnx.export(
            learner.exportable(learner.net.eval()).module,
            (torch.zeros(2, 3, side, side),),
            str(whole),
            opset_version=17,
            dynamo=False,
            input_names=["images"],
            output_names=["boxes", "scores"],
            dynamic_axes={"images": {0: "batch", 2: "height", 3: "width"}},
        )
        cut_off(whole, STARTER_INPUT, part)
        model = onnx.load(part)
    for item in model.graph.initializer:
        values = numpy_helper.to_array(item)
        if values.dtype == np.float32:
            item.CopyFrom(numpy_helper.from_array(values.astype(np.float16), item.name))
    model.producer_name = "boxwright"
    STARTER.write_bytes(model.SerializeToString())
    print(f"{STARTER}: {STARTER.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
