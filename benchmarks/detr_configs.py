"""Networks of the DETR families in their published sizes with random weights, for measuring without a download.

The figures are those of the conversion scripts in transformers and of the configurations of DEIMv2 (HGNetv2 and DINOv3
on COCO). What is not named here is the default of transformers.
"""

from __future__ import annotations

import importlib
import os
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from boxwright.domain.architectures import architecture as described
from boxwright.ml.export.weights import save_weights
from boxwright.ml.nets.detr.families import FAMILIES
from boxwright.ml.nets.detr.loading import CONFIG, configuration

Values = dict[str, Any]


def _hgnet(
    stem: list[int], mid: list[int], out: list[int], blocks: list[int], layers: int, *, affine: bool, kernel: int = 5,
    levels: tuple[int, ...] = (2, 3, 4),
) -> Values:  # fmt: skip
    """Return an HGNetV2: channels of the stem, and for each stage those within its blocks and those that it gives.

    `affine` tells whether activations are scaled by what is learned, `kernel` is that of the light blocks of the later
    stages, `levels` are the stages that the encoder reads.
    """
    count = len(out)
    light = [index >= 2 for index in range(count)]
    return {
        "model_type": "hgnet_v2",
        "stem_channels": stem,
        "stage_in_channels": [stem[-1], *out[:-1]],
        "stage_mid_channels": mid,
        "stage_out_channels": out,
        "stage_num_blocks": blocks,
        "stage_downsample": [index > 0 for index in range(count)],
        "stage_light_block": light,
        "stage_kernel_size": [kernel if one else 3 for one in light],
        "stage_numb_of_layers": [layers] * count,
        "use_learnable_affine_block": affine,
        "hidden_sizes": out,
        "depths": [layers] * count,
        "out_indices": list(levels),
    }


def _b0(*levels: int) -> Values:
    return _hgnet([3, 16, 16], [16, 32, 64, 128], [64, 256, 512, 1024], [1, 1, 2, 1], 3, affine=True, levels=levels)


def _two_levels(width: int, ffn: int) -> Values:
    """Return what the N of D-FINE and DEIMv2 have in common: strides 16 and 32 only."""
    return {
        "encoder_in_channels": [512, 1024],
        "feat_strides": [16, 32],
        "encode_proj_layers": [1],
        "encoder_hidden_dim": width,
        "encoder_ffn_dim": ffn,
        "d_model": width,
        "decoder_in_channels": [width, width],
        "decoder_ffn_dim": ffn,
        "decoder_n_points": [6, 6],
        "decoder_layers": 3,
        "num_feature_levels": 2,
        "hidden_expansion": 0.34,
        "depth_mult": 0.5,
    }


def _lite(backbone: Values, width: int, ffn: int, queries: int) -> Values:
    """Return one of the smallest of DEIMv2: one level of the backbone, two of the encoder."""
    return {
        "backbone_config": backbone,
        "encoder_type": "lite",
        "encoder_in_channels": backbone["hidden_sizes"][-1:],
        "encoder_layers": 0,
        "encoder_hidden_dim": width,
        "feat_strides": [16, 32],
        "d_model": width,
        "decoder_in_channels": [width, width],
        "decoder_ffn_dim": ffn,
        "decoder_n_points": [4, 2],
        "decoder_layers": 3,
        "decoder_activation_function": "silu",
        "num_feature_levels": 2,
        "num_queries": queries,
        "hidden_expansion": 0.34,
        "depth_mult": 0.5,
        "share_bbox_head": True,
        "use_gateway": False,
    }


def _small_hgnet(out: int, blocks: int, kernel: int) -> Values:
    channels = [64, 256, out]
    return _hgnet([3, 16, 16], [16, 32, 64], channels, [1, 1, blocks], 3, affine=True, kernel=kernel, levels=(3,))


def _dino(width: int, heads: int, expansion: float, depth: float) -> Values:
    """Return a DEIMv2 on a small vision transformer distilled from DINOv3."""
    return {
        "backbone_config": {
            "model_type": "dinov3_vit",
            "hidden_size": width,
            "intermediate_size": 4 * width,
            "num_hidden_layers": 12,
            "num_attention_heads": heads,
            "pos_embed_rescale": None,
            "apply_layernorm": False,
            "out_indices": [4, 8, 12],
        },
        "spatial_tuning_adapter_inplanes": 16,
        "encoder_has_trailing_conv": False,
        "encoder_in_channels": [width] * 3,
        "encoder_hidden_dim": width,
        "encoder_ffn_dim": 512,
        "d_model": width,
        "decoder_in_channels": [width] * 3,
        "decoder_ffn_dim": 512,
        "decoder_n_points": [3, 6, 3],
        "decoder_layers": 4,
        "decoder_activation_function": "silu",
        "hidden_expansion": expansion,
        "depth_mult": depth,
    }


def _resnet(kind: str, widths: list[int], depths: list[int]) -> Values:
    return {
        "backbone_config": {
            "model_type": "rt_detr_resnet",
            "layer_type": kind,
            "hidden_sizes": widths,
            "depths": depths,
            "out_indices": [2, 3, 4],
        },
        "encoder_in_channels": widths[1:],
    }


def _rf(size: int, patch: int, windows: int, layers: int, queries: int) -> Values:
    """Return an RF-DETR on a small DINOv2 with windows."""
    return {
        "backbone_config": {
            "model_type": "rf_detr_dinov2",
            "image_size": size,
            "patch_size": patch,
            "num_windows": windows,
            "hidden_size": 384,
            "num_hidden_layers": 12,
            "num_attention_heads": 6,
            "num_register_tokens": 0,
            "out_indices": [3, 6, 9, 12],
        },
        "d_model": 256,
        "dropout": 0.0,
        "decoder_ffn_dim": 2048,
        "decoder_n_points": 2,
        "decoder_layers": layers,
        "decoder_self_attention_heads": 8,
        "decoder_cross_attention_heads": 16,
        "num_queries": queries,
        "group_detr": 13,
    }


_BASIC, _BOTTLENECK = [64, 128, 256, 512], [256, 512, 1024, 2048]
_SIZES: dict[str, Values] = {
    "dfine-n": {"backbone_config": _b0(3, 4), **_two_levels(128, 512)},
    "dfine-s": {
        "backbone_config": _b0(2, 3, 4), "encoder_in_channels": [256, 512, 1024], "decoder_n_points": [3, 6, 3],
        "decoder_layers": 3, "hidden_expansion": 0.5, "depth_mult": 0.34,
    },
    "dfine-m": {
        "backbone_config": _hgnet([3, 24, 32], [32, 64, 128, 256], [96, 384, 768, 1536], [1, 1, 3, 1], 4, affine=True),
        "encoder_in_channels": [384, 768, 1536], "decoder_n_points": [3, 6, 3], "decoder_layers": 4,
        "hidden_expansion": 1.0, "depth_mult": 0.67,
    },
    "dfine-l": {
        "backbone_config": _hgnet(
            [3, 32, 48], [48, 96, 192, 384], [128, 512, 1024, 2048], [1, 1, 3, 1], 6, affine=False
        ),
        "encoder_in_channels": [512, 1024, 2048], "decoder_n_points": [3, 6, 3], "decoder_layers": 6,
    },
    "deimv2-atto": _lite(_small_hgnet(256, 1, 3), 64, 160, 100),
    "deimv2-femto": _lite(_small_hgnet(512, 1, 5), 96, 256, 150),
    "deimv2-pico": _lite(_small_hgnet(512, 2, 5), 112, 320, 200),
    "deimv2-n": {"backbone_config": _b0(3, 4), **_two_levels(128, 512), "decoder_activation_function": "silu"},
    "deimv2-s": _dino(192, 3, 0.34, 0.67),
    "deimv2-m": _dino(256, 4, 0.67, 1.0),
    "rtdetrv2-s": {**_resnet("basic", _BASIC, [2, 2, 2, 2]), "hidden_expansion": 0.5, "decoder_layers": 3},
    "rtdetrv2-m": {**_resnet("basic", _BASIC, [3, 4, 6, 3]), "hidden_expansion": 0.5, "decoder_layers": 4},
    "rtdetrv2-l": _resnet("bottleneck", _BOTTLENECK, [3, 4, 6, 3]),
    "rtdetrv2-x": {
        **_resnet("bottleneck", _BOTTLENECK, [3, 4, 23, 3]), "encoder_ffn_dim": 2048, "encoder_hidden_dim": 384,
        "decoder_in_channels": [384] * 3,
    },
    "rfdetr-n": _rf(384, 16, 2, 2, 300),
    "rfdetr-s": _rf(512, 16, 2, 3, 300),
    "rfdetr-m": _rf(576, 16, 2, 4, 300),
    "rfdetr-n-seg": _rf(312, 12, 1, 4, 100),
    "rfdetr-s-seg": _rf(384, 12, 2, 4, 100),
    "rfdetr-m-seg": _rf(432, 12, 2, 5, 200),
}  # fmt: skip
NAMES = tuple(_SIZES)


def _settle(net: nn.Module) -> None:
    """Give frozen batch norms the statistics of noise.

    As they begin they change nothing, and through many layers of random weights gradients grow beyond float16.
    """

    def measure(norm: nn.Module, args: tuple[Tensor, ...]) -> None:
        norm.running_mean, norm.running_var = args[0].mean((0, 2, 3)), args[0].var((0, 2, 3))

    frozen = [one for one in net.modules() if "FrozenBatchNorm" in type(one).__name__]
    handles = [one.register_forward_pre_hook(measure) for one in frozen]
    if frozen:
        with torch.no_grad():
            net.eval()(torch.rand(2, 3, 256, 256))
    for handle in handles:
        handle.remove()


def write_random(architecture: str, path: Path, classes: int = 80) -> int:
    """Write a randomly initialised network of full published size as one safetensors file; return its parameters.

    A `DetrLearner` starts from the file as from any other; the weights are the same each time.

    Args:
        architecture: its name, one of `NAMES`.
        path: where the file goes.
        classes: number of classes.

    Raises:
        KeyError: no DETR family, or a size that is not known here.
        AttributeError: this transformers lacks the family.
    """
    values = _SIZES[architecture]
    about = described(architecture)
    # Nothing is to be asked of the hub.
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    library: Any = importlib.import_module("transformers")
    network = getattr(library, FAMILIES[about.model_type, about.task].network)
    torch.manual_seed(7)
    net: nn.Module = network(network.config_class(**values, num_labels=classes))
    _settle(net)
    save_weights(net, path, {CONFIG: configuration(net)})
    return sum(parameter.numel() for parameter in net.parameters())
