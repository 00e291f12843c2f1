"""What a JPEG decoded smaller changes in what a detector finds, and what it saves.

    python benchmarks/bench_decoding.py [--sides 1 1.3 2 2.6 4]

YOLOX-Nano (416 pixels) on the 123 `coco_permissive` photographs, enlarged so many times and stored as JPEG again: COCO
mAP with every pixel decoded and with as few as `media.decode_within` takes, and the processor time of decoding.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import time
from pathlib import Path
from typing import Any

from PIL import Image
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

from boxwright.media import decode_within
from boxwright.ml.adapters.onnx import OnnxDetector
from boxwright.ml.adapters.recognise import recognise
from boxwright.ml.adapters.session import Network
from measuring import ROOT, keep, table

SHARED = Path(os.environ.get("BOXWRIGHT_TEST_DATA", ROOT.parent / "shared" / "data"))
PHOTOS = SHARED / "coco_permissive"
NETWORK = SHARED.parent / "models" / "yolox_nano" / "yolox_nano.onnx"


def enlarged(path: Path, factor: float) -> bytes:
    """Return a photograph as JPEG, so many times as wide and high; as it is stored where that is once."""
    if factor == 1:
        return path.read_bytes()
    picture = Image.open(path).convert("RGB")
    out = io.BytesIO()
    size = (round(picture.width * factor), round(picture.height * factor))
    picture.resize(size, Image.Resampling.BICUBIC).save(out, "JPEG", quality=92)
    return out.getvalue()


def measured(detector: OnnxDetector, truth: COCO, factor: float, *, small: bool) -> tuple[float, float, float]:
    """Return mAP50-95, mAP50, and milliseconds of processor time to decode a picture."""
    known = {item["name"]: item["id"] for item in truth.dataset["categories"]}
    category = [known.get(item.name) for item in detector.card.classes]
    found: list[dict[str, Any]] = []
    spent = 0.0
    for image in truth.dataset["images"]:
        data = enlarged(PHOTOS / "images" / Path(image["file_name"]).name, factor)
        begin = time.thread_time()
        pixels, _ = decode_within(data, detector.within if small else None)
        spent += time.thread_time() - begin
        (got,) = detector.predict([pixels], score_threshold=0.001, iou_threshold=0.65, max_detections=100)
        got = got.resized((pixels.shape[1], pixels.shape[0]), (image["width"], image["height"]))
        columns = zip(got.boxes.tolist(), got.scores.tolist(), got.class_ids.tolist(), strict=True)
        found += [
            {"image_id": image["id"], "category_id": category[label], "bbox": [x, y, x1 - x, y1 - y], "score": score}
            for (x, y, x1, y1), score, label in columns
            if category[label] is not None
        ]
    with contextlib.redirect_stdout(io.StringIO()):
        judge = COCOeval(truth, truth.loadRes(found), "bbox")
        judge.evaluate()
        judge.accumulate()
        judge.summarize()
    return float(judge.stats[0]), float(judge.stats[1]), spent / len(truth.dataset["images"]) * 1000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sides", type=float, nargs="+", default=[1, 1.3, 2, 2.6, 4])
    given = parser.parse_args()
    if not PHOTOS.is_dir() or not NETWORK.is_file():
        raise SystemExit("this benchmark needs the shared data `coco_permissive` and the model `yolox_nano`")
    network = Network(NETWORK)
    detector = OnnxDetector(network, recognise(network, "yolox_nano").card)
    with contextlib.redirect_stdout(io.StringIO()):
        truth = COCO(str(PHOTOS / "instances.json"))
    rows: list[list[object]] = []
    for factor in given.sides:
        whole, less = (measured(detector, truth, factor, small=small) for small in (False, True))
        rows.append([f"{factor:g}", *(f"{value:.4f}" for value in (whole[0], less[0], whole[1], less[1]))])
        rows[-1] += [whole[2], less[2]]
    head = ("sides", "mAP50-95, whole", "smaller", "mAP50, whole", "smaller", "decoding ms, whole", "smaller")
    keep(
        "bench_decoding",
        f"YOLOX-Nano, {len(truth.dataset['images'])} photographs\n\n{table(head, rows)}",
        {"rows": rows},
    )


if __name__ == "__main__":
    main()
