"""Memory of a training: what to do when it runs out, and how many images a step a GPU holds."""

import gc
from collections.abc import Callable

import torch

# How torch says it where it raises no class of its own: CPU allocator, cuDNN, cuBLAS.
_WORDS = ("out of memory", "can't allocate memory", "not enough memory", "alloc_failed")
# Part of a GPU's memory that a probe may fill: the rest is for fragments and for the averaged weights' validation.
_SHARE = 0.8


def ran_out(error: BaseException) -> bool:
    """Tell whether an error says that memory ran out, of the GPU or of the machine."""
    if isinstance(error, MemoryError | torch.OutOfMemoryError):
        return True
    return isinstance(error, RuntimeError) and any(word in str(error).lower() for word in _WORDS)


def release(device: torch.device) -> None:
    """Give back what is not in use, so that the next try starts from an empty table."""
    gc.collect()
    if device.type == "cuda":
        torch.cuda.empty_cache()


def largest_batch(fits: Callable[[int], bool], least: int, most: int) -> int:
    """Return the largest doubling of `least` up to `most` for which `fits` holds; where `least` does not, a half of it.

    Args:
        fits: tries a batch.
        least: 1 or more.
        most: not tried beyond.
    """
    batch = least
    while batch > 1 and not fits(batch):
        batch //= 2
    if batch < least:
        return batch
    while batch * 2 <= most and fits(batch * 2):
        batch *= 2
    return batch


def fits_gpu(step: Callable[[int], None], device: torch.device) -> Callable[[int], bool]:
    """Return a test for `largest_batch`: a step of so many images runs and leaves a fifth of the GPU free."""

    def fits(batch: int) -> bool:
        torch.cuda.reset_peak_memory_stats(device)
        try:
            step(batch)
        except (RuntimeError, MemoryError) as error:
            if not ran_out(error):
                raise
            return False
        finally:
            release(device)
        total = torch.cuda.get_device_properties(device).total_memory
        return torch.cuda.max_memory_reserved(device) <= _SHARE * total

    return fits
