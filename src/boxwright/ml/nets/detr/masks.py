"""The mask losses of RF-DETR, for objects of which some have no outline."""

from typing import Any

from torch import Tensor
from transformers.loss import loss_rf_detr

Indices = list[tuple[Tensor, Tensor]]


class KnownMasks(loss_rf_detr.RfDetrImageLoss):
    """Learns outlines only from objects that have one; a box is not taken for one."""

    def loss_masks(self, outputs: Any, targets: list[dict[str, Tensor]], indices: Indices, num_boxes: float) -> Any:
        """Return the losses over the matched objects whose mask is known."""
        known = []
        for target, (query, number) in zip(targets, indices, strict=True):
            keep = target["masked"].cpu()[number]
            known.append((query[keep], number[keep]))
        if not any(len(query) for query, _ in known):
            nothing = outputs["pred_masks"].sum() * 0.0
            return {"loss_mask_ce": nothing, "loss_mask_dice": nothing}
        return super().loss_masks(outputs, targets, known, num_boxes)  # type: ignore[no-untyped-call]


def use_known_masks() -> None:
    """Have the library compute its losses this way; it looks the class up by its name."""
    loss_rf_detr.RfDetrImageLoss = KnownMasks  # type: ignore[misc]
