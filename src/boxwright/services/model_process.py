"""What the processes that open foreign models share: bounds, one order in, one answer out."""

import json
import os
import sys
from collections.abc import Callable, Mapping
from typing import Any

from boxwright.domain.errors import BoxwrightError
from boxwright.jobs.bounds import bound_process

CPU_SECONDS = 100
# Metadata of an ONNX file that was made here from other files: what it was.
ORIGIN = "boxwright.origin"


def bound(memory: int, written: int) -> None:
    """Bound memory, processor time and the size of written files, where the system can."""
    bound_process(memory)
    try:
        import resource
    except ImportError:
        return
    limits = {resource.RLIMIT_CPU: CPU_SECONDS, resource.RLIMIT_FSIZE: written, resource.RLIMIT_CORE: 0}
    for name, value in limits.items():
        hard = resource.getrlimit(name)[1]
        most = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(name, (most, hard))


def answer(work: Callable[[Mapping[str, Any]], Mapping[str, object]], load: Callable[[], None]) -> int:
    """Read the order, load what the work needs, bound this process, do the work, answer."""
    answer_to = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    order = json.load(sys.stdin)
    try:
        load()
        bound(int(order["memory"]), int(order.get("written", 0)))
        result: dict[str, object] = {"result": work(order)}
    except BoxwrightError as error:
        result = {"error": error.message, "code": error.code}
    except MemoryError:
        result = {"error": f"it needs more than {order['memory'] >> 20} MB of memory", "code": "model_memory"}
    except Exception as error:  # noqa: BLE001 - whatever it does, this model is not kept
        result = {"error": " ".join(f"{type(error).__name__}: {error}".split())[:300], "code": "model_broken"}
    json.dump(result, answer_to, ensure_ascii=True)
    answer_to.flush()
    return 0
