"""Tiny randomly initialised networks of transformers, saved as folders like those of the hub."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import torch

from boxwright.ml import pretrained

os.environ.setdefault("HF_HUB_OFFLINE", "1")

HGNET = {
    "model_type": "hgnet_v2",
    "stem_channels": [3, 4, 4],
    "stage_in_channels": [4, 8, 8, 8],
    "stage_mid_channels": [4, 4, 4, 4],
    "stage_out_channels": [8, 8, 8, 8],
    "stage_num_blocks": [1, 1, 1, 1],
    "stage_downsample": [False, True, True, True],
    "stage_light_block": [False, False, True, True],
    "stage_kernel_size": [3, 3, 3, 3],
    "stage_numb_of_layers": [1, 1, 1, 1],
    "hidden_sizes": [8, 8, 8, 8],
    "depths": [1, 1, 1, 1],
    "out_features": ["stage2", "stage3", "stage4"],
    "embedding_size": 4,
}
RESNET = {
    "model_type": "rt_detr_resnet",
    "embedding_size": 8,
    "hidden_sizes": [8, 12, 16, 20],
    "depths": [1, 1, 1, 1],
    "layer_type": "basic",
    "out_features": ["stage2", "stage3", "stage4"],
}
DINO = {
    "model_type": "rf_detr_dinov2",
    "hidden_size": 16,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "image_size": 96,
    "patch_size": 16,
    "num_windows": 2,
    "out_features": ["stage1", "stage2"],
    "num_register_tokens": 0,
}
ENCODER_DECODER: dict[str, Any] = {
    "encoder_hidden_dim": 16,
    "encoder_in_channels": [8, 8, 8],
    "encoder_ffn_dim": 16,
    "encoder_attention_heads": 2,
    "d_model": 16,
    "num_queries": 8,
    "decoder_in_channels": [16, 16, 16],
    "decoder_ffn_dim": 16,
    "decoder_layers": 2,
    "decoder_attention_heads": 2,
    "decoder_n_points": 2,
    "num_denoising": 4,
    "hidden_expansion": 0.5,
}
RF: dict[str, Any] = {
    "backbone_config": DINO,
    "d_model": 16,
    "decoder_layers": 2,
    "decoder_self_attention_heads": 2,
    "decoder_cross_attention_heads": 2,
    "decoder_ffn_dim": 16,
    "decoder_n_points": 2,
    "num_queries": 12,
    "group_detr": 2,
    "intermediate_size": 16,
    "c2f_num_blocks": 1,
}
_MADE: dict[str, tuple[str, str, dict[str, Any]]] = {
    "dfine-n": ("DFineForObjectDetection", "DFineConfig", {"backbone_config": HGNET, **ENCODER_DECODER}),
    "deimv2-atto": ("Deimv2ForObjectDetection", "Deimv2Config", {"backbone_config": HGNET, **ENCODER_DECODER}),
    "rtdetrv2-s": (
        "RTDetrV2ForObjectDetection",
        "RTDetrV2Config",
        {"backbone_config": RESNET, **ENCODER_DECODER, "encoder_in_channels": [12, 16, 20]},
    ),
    "rfdetr-n": ("RfDetrForObjectDetection", "RfDetrConfig", RF),
    "rfdetr-n-seg": ("RfDetrForInstanceSegmentation", "RfDetrConfig", RF),
}
FAMILIES = tuple(_MADE)


def tiny_folder(folder: Path, name: str, labels: int = 5) -> Path:
    """Save a tiny network of an architecture's family as `config.json` and `model.safetensors`."""
    import transformers

    transformers.utils.logging.disable_progress_bar()
    network, config, values = _MADE[name]
    torch.manual_seed(7)
    net = getattr(transformers, network)(getattr(transformers, config)(**values, num_labels=labels))
    for parameter in net.parameters():
        # Nothing is exactly zero or alike, so that proposals have an order.
        parameter.data.add_(torch.randn_like(parameter) * 0.05)
    net.save_pretrained(folder)
    return folder


def tiny_weights(folder: Path, name: str, labels: int = 5) -> Path:
    """Save a tiny network as the one file that a training starts from."""
    path = folder / f"{name}.safetensors"
    pretrained.pack(tiny_folder(folder / name, name, labels), path, {"licence": "Apache-2.0", "source": "test"})
    return path
