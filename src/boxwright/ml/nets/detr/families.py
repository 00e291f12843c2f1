"""What the families have of their own: class, where its parts are, how it is fed."""

from dataclasses import dataclass
from typing import Any

from torch import nn

from boxwright.domain.models import ModelInput
from boxwright.ml.adapters.decoders.base import IMAGENET_MEAN, IMAGENET_STD


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """One class of transformers.

    Args:
        network: its name.
        backbones: where the pretrained backbone is, the first that exists.
        proposals: the layer that scores the proposals of which the best become queries.
        imagenet: whether pictures are normalised with ImageNet's figures where the weights do not say.
        masks: whether it answers masks.
    """

    network: str
    backbones: tuple[str, ...]
    proposals: str
    imagenet: bool = False
    masks: bool = False


FAMILIES = {
    ("d_fine", "detect"): Family(
        network="DFineForObjectDetection", backbones=("model.backbone",), proposals="model.enc_score_head"
    ),
    ("deimv2", "detect"): Family(
        network="Deimv2ForObjectDetection",
        backbones=("model.conv_encoder.model", "model.conv_encoder.backbone"),
        proposals="model.enc_score_head",
    ),
    ("rt_detr_v2", "detect"): Family(
        network="RTDetrV2ForObjectDetection", backbones=("model.backbone",), proposals="model.enc_score_head"
    ),
    ("rf_detr", "detect"): Family(
        network="RfDetrForObjectDetection",
        backbones=("model.backbone.backbone",),
        proposals="model.enc_out_class_embed.0",
        imagenet=True,
    ),
    ("rf_detr", "segment"): Family(
        network="RfDetrForInstanceSegmentation",
        backbones=("model.model.backbone.backbone",),
        proposals="model.model.enc_out_class_embed.0",
        imagenet=True,
        masks=True,
    ),
}


def part(net: nn.Module, *paths: str) -> nn.Module:
    """Return the first part that exists."""
    names: dict[str, nn.Module] = dict(net.named_modules())
    return next(names[path] for path in paths if path in names)


def feeding(family: Family, config: Any, said: dict[str, Any], size: int) -> ModelInput:
    """Return how pictures are fed.

    Args:
        family: its habit.
        config: of the network; a DINOv3 backbone wants ImageNet's figures in any family.
        said: `preprocessor_config.json` of the weights, empty where there is none.
        size: side in pixels.
    """
    imagenet = family.imagenet or "dino" in str(getattr(config.backbone_config, "model_type", ""))
    mean, std = said.get("image_mean"), said.get("image_std")
    if not said.get("do_normalize", imagenet):
        return ModelInput(width=size, height=size)
    if said.get("do_normalize") and mean and std:
        red, green, blue = (255.0 * float(value) for value in mean)
        spread = [255.0 * float(value) for value in std]
        return ModelInput(width=size, height=size, mean=(red, green, blue), std=(spread[0], spread[1], spread[2]))
    return ModelInput(width=size, height=size, mean=IMAGENET_MEAN, std=IMAGENET_STD)
