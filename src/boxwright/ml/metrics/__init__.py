"""Quality of detections against the truth, by COCO's definitions."""

from boxwright.ml.metrics.coco import box_metrics, mask_metrics, metrics_to_json
from boxwright.ml.metrics.evaluate import detect, evaluate_detector
from boxwright.ml.metrics.masks import all_metrics
from boxwright.ml.metrics.matching import Found
from boxwright.ml.metrics.report import operating_scores, write_report

__all__ = [
    "Found",
    "all_metrics",
    "box_metrics",
    "detect",
    "evaluate_detector",
    "mask_metrics",
    "metrics_to_json",
    "operating_scores",
    "write_report",
]
