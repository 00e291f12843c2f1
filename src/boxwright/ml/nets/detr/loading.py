"""From a weights file to a network: safetensors, with the network's configuration in its header.

The file says everything by itself, so a model that was trained here is a start for the next one like any other.
"""

import importlib
import importlib.util
import json
import math
import os
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from torch import nn
from torch.nn import functional

from boxwright.domain.errors import Invalid, InvalidModel, Unavailable
from boxwright.ml.nets.detr.families import Family

CONFIG, PREPROCESSOR, LICENCE = "config", "preprocessor", "licence"
# Backbones that these families have; others might be fetched from the network.
_BACKBONES = {"hgnet_v2", "rt_detr_resnet", "dinov3_vit", "rf_detr_dinov2"}
# What ties a configuration to its first size, to another place, or to another library.
_DROPPED = (
    "eval_size", "anchor_image_size", "auto_map", "_name_or_path", "backbone", "backbone_kwargs", "use_timm_backbone",
    "use_pretrained_backbone", "id2label", "label2id", "num_labels", "torch_dtype", "dtype", "quantization_config",
)  # fmt: skip


def read_notes(path: Path) -> dict[str, str]:
    """Return what stands in the header of a safetensors file. Raises InvalidModel."""
    try:
        with safe_open(path, "pt") as file:
            return dict(file.metadata() or {})
    except (OSError, SafetensorError) as error:
        raise InvalidModel(f"{path.name} is no safetensors file: {error}", code="weights_unreadable") from error


def build(family: Family, model_type: str, path: Path, classes: int) -> tuple[nn.Module, str]:
    """Return the network that a weights file describes, with `classes` classes, and how much of it came from there.

    Layers that depend on the number of classes begin anew where it differs.

    Raises:
        InvalidModel: another kind of network, a configuration that makes none, or tensors that do not fit it.
        Unavailable: transformers is not installed or too old.
    """
    network = _network(family)
    given = json.loads(read_notes(path).get(CONFIG, "{}"))
    _check(given, model_type, path)
    try:
        config = network.config_class.from_dict({k: v for k, v in given.items() if k not in _DROPPED})
        config.num_labels = classes
        net, report = network.from_pretrained(
            None,
            config=config,
            state_dict=_tensors(path),
            ignore_mismatched_sizes=True,
            output_loading_info=True,
            dtype=torch.float32,
        )
    except Exception as error:  # a configuration can be wrong in any way; the library raises what comes
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0][:300]
        raise InvalidModel(f"{path.name} cannot be loaded: {reason}", code="weights_foreign") from error
    total = len(dict(net.named_parameters()))
    missing = {key for key in report["missing_keys"] if not key.endswith("num_batches_tracked")}
    if len(missing) > total // 10:
        raise InvalidModel(
            f"{path.name} lacks {len(missing)} of the {total} tensors of a {model_type} network", code="weights_foreign"
        )
    anew = len(missing) + len(report["mismatched_keys"])
    return net, f"started from {path.name}: {total - anew} of {total} tensors fit, the others learn anew"


def _tensors(path: Path) -> dict[str, torch.Tensor]:
    with safe_open(path, "pt") as file:
        return {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118, no mapping


def _network(family: Family) -> Any:
    # Nothing is asked of the hub here: files come from the disk.
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    if importlib.util.find_spec("transformers") is None:
        raise Unavailable('this network needs transformers: pip install "boxwright[train]"', code="torch_missing")
    library: Any = importlib.import_module("transformers")
    library.utils.logging.set_verbosity_error()
    library.utils.logging.disable_progress_bar()
    found = getattr(library, family.network, None)
    if found is None:
        have = f"transformers {library.__version__} has no {family.network}"
        raise Unavailable(f"{have}; install a newer one", code="torch_missing")
    return found


def _check(config: dict[str, Any], model_type: str, path: Path) -> None:
    if config.get("model_type") != model_type:
        raise InvalidModel(
            f"{path.name} is for {config.get('model_type') or 'a network that it does not name'}, not for {model_type}",
            code="weights_foreign",
        )
    backbone = config.get("backbone_config")
    kind = backbone.get("model_type") if isinstance(backbone, dict) else None
    if kind not in _BACKBONES:
        raise InvalidModel(
            f"the backbone {kind!r} of {path.name} is not known; known: {', '.join(sorted(_BACKBONES))}",
            code="weights_foreign",
        )


def configuration(net: nn.Module) -> str:
    """Return a network's configuration as `build` reads it."""
    config: Any = net.config
    return json.dumps({**config.to_dict(), "model_type": config.model_type})


def fit_to_size(backbone: nn.Module, config: Any, size: int) -> None:
    """Prepare a vision transformer for square pictures of `size` pixels: its learned positions are resampled, once.

    Raises Invalid where its patches and windows do not fill that size.
    """
    embeddings = getattr(backbone, "embeddings", None)
    if embeddings is None or not hasattr(embeddings, "position_embeddings"):
        return
    # 32 is what the rest of the training counts in.
    step = math.lcm(32, int(config.patch_size) * int(getattr(config, "num_windows", 1)))
    if size % step:
        lower = max(step, size // step * step)
        raise Invalid(
            f"image_size: {size} is no multiple of {step}, as this network needs; use {lower} or {lower + step}",
            code="hyper_invalid",
        )
    old = embeddings.position_embeddings
    side, was = size // int(config.patch_size), round((old.shape[1] - 1) ** 0.5)
    if side != was:
        with torch.no_grad():
            plane = old[:, 1:].reshape(1, was, was, -1).permute(0, 3, 1, 2)
            plane = functional.interpolate(plane, (side, side), mode="bicubic", align_corners=False, antialias=True)
            new = torch.cat([old[:, :1], plane.permute(0, 2, 3, 1).reshape(1, side * side, -1)], 1)
        embeddings.position_embeddings = nn.Parameter(new)
    config.image_size = size
