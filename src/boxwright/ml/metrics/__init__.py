"""Quality of detections against the truth, by COCO's definitions."""

from boxwright.ml.metrics.coco import Found, box_metrics, metrics_to_json
from boxwright.ml.metrics.evaluate import evaluate_detector

__all__ = ["Found", "box_metrics", "evaluate_detector", "metrics_to_json"]
