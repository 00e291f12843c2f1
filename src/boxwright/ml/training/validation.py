"""Validation during training: loss and COCO metrics of the averaged weights."""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor, nn

from boxwright.domain.detections import Detections
from boxwright.domain.manifest import ManifestClass
from boxwright.domain.models import Metrics, ModelInput
from boxwright.ml.adapters.masks import Masks, outlined
from boxwright.ml.adapters.nms import pick
from boxwright.ml.data.batches import Batch, plain_batches
from boxwright.ml.data.cache import PictureCache
from boxwright.ml.data.letterbox import Fit
from boxwright.ml.data.samples import Sample
from boxwright.ml.metrics import Found, all_metrics
from boxwright.ml.metrics.coco import MAX_DETECTIONS
from boxwright.ml.nets.base import Learner, Truth
from boxwright.ml.training.device import Compute
from boxwright.ml.training.memory import ran_out, release
from boxwright.ml.training.params import TrainingParams

# Lower scores hardly move the curve, and the final evaluation looks at all of them.
LOWEST_SCORE = 0.01
IOU_THRESHOLD = 0.6


def to_device(batch: Batch, spec: ModelInput, device: torch.device) -> tuple[Tensor, Truth]:
    """Return pixels float32 (b, 3, size, size) as `spec` says, in channels-last order, and the truth."""
    mean, std = (torch.tensor(part, device=device).view(3, 1, 1) for part in (spec.mean, spec.std))
    pixels = torch.from_numpy(batch.pixels).to(device, non_blocking=True).permute(0, 3, 1, 2).float()
    pixels = pixels.sub_(mean).div_(std)
    columns = (batch.boxes, batch.labels, batch.image, batch.masks, batch.masked)
    return pixels, Truth(*(None if part is None else torch.from_numpy(part).to(device) for part in columns))  # type: ignore[arg-type]


class Validator:
    """Scores a network on the validation pictures; without any, there is no score."""

    def __init__(
        self,
        learner: Learner,
        samples: Sequence[Sample],
        cache: PictureCache,
        classes: Sequence[ManifestClass],
        spec: ModelInput,
        params: TrainingParams,
        compute: Compute,
    ) -> None:
        self.learner, self.samples, self.cache, self.classes = learner, samples, cache, classes
        self.spec, self.params, self.compute = spec, params, compute
        self.batch = 16

    def score(self, net: nn.Module) -> tuple[Metrics, float]:
        """Return the metrics and the mean loss (box and class parts) of a network in evaluation mode."""
        while True:
            try:
                return self._score(net)
            except (RuntimeError, MemoryError) as error:
                if self.batch == 1 or not ran_out(error):
                    raise
            release(self.compute.device)
            self.batch //= 2

    @torch.no_grad()
    def _score(self, net: nn.Module) -> tuple[Metrics, float]:
        found: list[Found] = []
        total, batches = 0.0, 0
        iou = IOU_THRESHOLD if self.learner.nms else None
        for batch in plain_batches(self.samples, self.cache, self.spec, self.batch, self.learner.grid):
            pixels, truth = to_device(batch, self.spec, self.compute.device)
            with self.compute.autocast():
                raw = self.learner.forward(net, pixels, truth)
            total += float(self.learner.loss(raw, truth, self.params.box_gain, self.params.cls_gain).total)
            batches += 1
            boxes, scores = (part.cpu().numpy() for part in self.learner.decode(raw))
            masks = self.learner.masks(raw)
            for index, fit in enumerate(batch.fits):
                got, cells = pick(boxes[index], scores[index], LOWEST_SCORE, iou, MAX_DETECTIONS)
                moved = Detections(fit.to_picture(got.boxes), got.scores, got.class_ids)
                if masks is not None:
                    moved = _outlined(moved, masks[index].take(cells), fit, self.spec)
                found.append(Found(self.samples[len(found)], moved))
        return all_metrics(self.classes, found), total / max(batches, 1)


def _outlined(found: Detections, masks: Masks, fit: Fit, spec: ModelInput) -> Detections:
    """Return detections, those in the padding aside, with their outlines."""
    keep = np.flatnonzero((found.boxes[:, 2:] > found.boxes[:, :2]).all(1))
    return outlined(found.take(keep), masks.take(keep), fit, (spec.width, spec.height))
