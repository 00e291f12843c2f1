"""Weights as safetensors: no code can hide in them."""

from collections.abc import Mapping
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load, save
from torch import nn

from boxwright.domain.errors import InvalidModel
from boxwright.ml.files import write_atomic


def save_weights(net: nn.Module, path: Path, notes: Mapping[str, str] | None = None) -> None:
    """Write the weights and buffers of a network atomically, with `notes` in the file's header."""
    # Layers may share tensors; the file holds each once.
    seen: set[int] = set()
    tensors = {}
    for key, value in net.state_dict().items():
        if value.numel() and value.data_ptr() in seen:
            continue
        seen.add(value.data_ptr())
        tensors[key] = value.detach().cpu().contiguous()
    data = save(tensors, {"format": "pt", **(notes or {})})
    write_atomic(path, lambda out: out.write(data))


def load_matching(net: nn.Module, path: Path) -> tuple[int, int]:
    """Take over every tensor that fits by name and shape; return how many did and how many the network has.

    Raises:
        InvalidModel: no safetensors file, or none of its tensors fits.
    """
    try:
        given = load(path.read_bytes())
    except (OSError, SafetensorError) as error:
        raise InvalidModel(f"{path.name} is no safetensors file: {error}", code="weights_unreadable") from error
    own = net.state_dict()
    fitting = {key: value for key, value in given.items() if key in own and own[key].shape == value.shape}
    if not fitting:
        raise InvalidModel(f"{path.name} holds no weights for this architecture", code="weights_foreign")
    with torch.no_grad():
        net.load_state_dict({**own, **fitting})
    return len(fitting), len(own)
