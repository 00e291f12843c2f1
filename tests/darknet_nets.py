"""Small Darknet detectors with random weights: the layers of v3, v4, their tiny kin and Scaled-YOLOv4."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from boxwright.ml.adapters.darknet.cfg import read_cfg
from boxwright.ml.adapters.darknet.layers import arrange, kernel_of

CLASSES = 3
NET = "[net]\n# a comment\nwidth=96\nheight=64\nchannels=3\n\n"
HEAD = f"[convolutional]\nsize=1\nstride=1\npad=1\nfilters={2 * (5 + CLASSES)}\nactivation=linear\n"


def conv(filters: int, size: int = 3, stride: int = 1, activation: str = "leaky", more: str = "") -> str:
    return (
        f"[convolutional]\nbatch_normalize=1\nfilters={filters}\nsize={size}\nstride={stride}\npad=1\n"
        f"activation={activation}\n{more}"
    )


def yolo(mask: str, more: str = "") -> str:
    anchors = "10,14, 23,27, 37,58, 81,82"
    return f"[yolo]\nmask={mask}\nanchors={anchors}\nclasses={CLASSES}\nnum=4\nignore_thresh=.7\n{more}\n"


V3 = (
    NET + conv(8, stride=2) + conv(8, 1) + conv(8) + "[shortcut]\nfrom=-3\nactivation=linear\n" + conv(16, stride=2)
    + conv(16, stride=2) + HEAD + yolo("2,3") + "[route]\nlayers=-3\n" + conv(8, 1) + "[upsample]\nstride=2\n"
    + "[route]\nlayers=-1, 4\n" + HEAD + yolo("0,1")
)  # fmt: skip
V3_TINY = (
    NET + conv(8) + "[maxpool]\nsize=2\nstride=2\n" + conv(8) + "[maxpool]\nsize=2\nstride=2\n" + conv(16)
    + "[maxpool]\nsize=2\nstride=1\n" + HEAD + yolo("0,1")
)  # fmt: skip
V4_TINY = (
    NET + conv(16, stride=2) + conv(16) + "[route]\nlayers=-1\ngroups=2\ngroup_id=1\n" + conv(8) + conv(8)
    + "[route]\nlayers=-1,-2\n" + conv(16, 1) + "[route]\nlayers=-6,-1\n" + "[maxpool]\nsize=2\nstride=2\n"
    + HEAD + yolo("1,2", "scale_x_y=1.05\nbeta_nms=0.6\n")
)  # fmt: skip
V4 = (
    NET + conv(8, stride=2, activation="mish") + conv(16, stride=2, activation="mish") + conv(16, 1, activation="swish")
    + "[maxpool]\nstride=1\nsize=5\n[route]\nlayers=-2\n[maxpool]\nstride=1\nsize=9\n[route]\nlayers=-1,-3,-4\n"
    + HEAD + yolo("0,3", "scale_x_y = 1.2\n")
)  # fmt: skip
CSP = (
    NET + conv(8, stride=2, activation="mish", more="groups=1\n") + conv(16, stride=2, activation="mish")
    + HEAD.replace("linear", "logistic") + yolo("0,1", "scale_x_y=2.0\nnew_coords=1\n")
)  # fmt: skip
NETS = {"yolov3": V3, "yolov3-tiny": V3_TINY, "yolov4-tiny": V4_TINY, "yolov4": V4, "scaled-yolov4": CSP}


def write_weights(path: Path, cfg: str, seed: int = 1, version: tuple[int, int, int] = (0, 2, 5)) -> Path:
    """Write random weights in Darknet's order, sized so that the numbers neither grow nor fade."""
    rng = np.random.default_rng(seed)
    start, layers = arrange(read_cfg(cfg))
    parts = [np.array(version, np.int32).tobytes(), bytes(8 if version[0] * 10 + version[1] >= 2 else 4)]
    for layer in layers:
        if layer.kind != "convolutional":
            continue
        kernel = kernel_of(layer.section)
        before = start[0] if layer.inputs[0] < 0 else layers[layer.inputs[0]].shape[0]
        numbers = [rng.normal(0, 0.3, kernel.filters)]
        if kernel.normalised:
            numbers += [rng.uniform(0.5, 1.5, kernel.filters), rng.normal(0, 0.2, kernel.filters)]
            numbers += [rng.uniform(0.2, 1.0, kernel.filters)]
        fan = (before // kernel.groups) * kernel.size**2
        numbers.append(rng.normal(0, 1.4 / np.sqrt(fan), kernel.filters * fan))
        parts += [item.astype(np.float32).tobytes() for item in numbers]
    path.write_bytes(b"".join(parts))
    return path


def write_triple(folder: Path, kind: str = "yolov4-tiny", stem: str = "obj") -> list[Path]:
    """Write `obj.cfg`, `obj.names` and `obj.weights`."""
    cfg, names, weights = (folder / f"{stem}.{suffix}" for suffix in ("cfg", "names", "weights"))
    cfg.write_text(NETS[kind])
    names.write_text("disc\nsquare\nring\n")
    return [cfg, names, write_weights(weights, NETS[kind])]
