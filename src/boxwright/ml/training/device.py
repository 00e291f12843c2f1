"""Where and in which precision a training computes."""

import os
from dataclasses import dataclass

import torch

from boxwright.domain.errors import Unavailable
from boxwright.ml.training.params import TrainingParams


@dataclass(frozen=True, slots=True)
class Compute:
    """Device, thread count and whether bf16 autocast is on."""

    device: torch.device
    threads: int
    bf16: bool

    def autocast(self) -> torch.autocast:
        """Return the context in which the network runs forward."""
        return torch.autocast(self.device.type, torch.bfloat16, enabled=self.bf16)

    def describe(self) -> str:
        """Return one line for the log."""
        kind = "bf16" if self.bf16 else "fp32"
        if self.device.type == "cuda":
            return f"{torch.cuda.get_device_name(self.device)}, {kind}"
        return f"CPU with {self.threads} threads, {kind}"


def choose(params: TrainingParams) -> Compute:
    """Follow the parameters where they are explicit and the machine where they are not. Raises Unavailable: no CUDA."""
    cuda = torch.cuda.is_available()
    if params.device == "cuda" and not cuda:
        raise Unavailable("device: no CUDA GPU can be used on this machine; choose auto or cpu", code="cuda_missing")
    device = torch.device("cuda" if cuda and params.device != "cpu" else "cpu")
    threads = params.threads or cores()
    bf16 = params.precision == "bf16" or (params.precision == "auto" and _computes_bf16(device))
    return Compute(device, threads, bf16)


def cores() -> int:
    """Return the number of processor cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _computes_bf16(device: torch.device) -> bool:
    """Tell whether bf16 is faster than fp32 there: on a CPU only with its own instructions."""
    if device.type == "cuda":
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    checks = (getattr(torch.cpu, name, None) for name in ("_is_avx512_bf16_supported", "_is_amx_tile_supported"))
    return any(check() for check in checks if check)
