"""Where and in which precision a training computes."""

from dataclasses import dataclass
from typing import Literal

import torch

from boxwright.domain.errors import Unavailable
from boxwright.ml.machine import cores
from boxwright.ml.training.params import TrainingParams

_TYPES = {"fp32": torch.float32, "bf16": torch.bfloat16, "fp16": torch.float16}


@dataclass(frozen=True, slots=True)
class Compute:
    """Device, thread counts (`workers` prepare images) and the precision of the network's forward pass."""

    device: torch.device
    threads: int
    precision: Literal["fp32", "bf16", "fp16"]
    workers: int = 1

    def autocast(self) -> torch.autocast:
        """Return the context in which the network runs forward."""
        return torch.autocast(self.device.type, _TYPES[self.precision], enabled=self.precision != "fp32")

    def scaler(self) -> torch.amp.GradScaler:
        """Return what keeps small fp16 gradients from vanishing (Micikevicius et al., 2018); idle otherwise."""
        return torch.amp.GradScaler(self.device.type, enabled=self.precision == "fp16")

    def describe(self) -> str:
        """Return one line for the log."""
        if self.device.type == "cuda":
            return f"{torch.cuda.get_device_name(self.device)}, {self.precision}"
        return f"CPU with {self.threads} threads, {self.precision}"


def choose(params: TrainingParams) -> Compute:
    """Follow the parameters where they are explicit and the machine where they are not. Raises Unavailable: no CUDA."""
    cuda = torch.cuda.is_available()
    if params.device == "cuda" and not cuda:
        raise Unavailable("device: no CUDA GPU can be used on this machine; choose auto or cpu", code="cuda_missing")
    device = torch.device("cuda" if cuda and params.device != "cpu" else "cpu")
    threads = params.threads or cores()
    precision = params.precision
    if precision == "auto":
        precision = "bf16" if _computes_bf16(device) else "fp16" if device.type == "cuda" else "fp32"
    # Beside a training on the CPU more than one worker only takes time from it.
    workers = params.workers or (1 if device.type == "cpu" else min(16, cores()))
    return Compute(device, threads, precision, workers)


def _computes_bf16(device: torch.device) -> bool:
    """Tell whether bf16 is faster than fp32 there: on a CPU only with its own instructions."""
    if device.type == "cuda":
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    checks = (getattr(torch.cpu, name, None) for name in ("_is_avx512_bf16_supported", "_is_amx_tile_supported"))
    return any(check() for check in checks if check)
