"""How much memory a model from elsewhere may use.

Two bounds, as neither is enough alone. What a network computes with comes from one arena of ONNX Runtime in this
process, which all bounded networks share and which has a size: a network that asks for more fails with an error, and
nothing else is harmed; this is what protects a server. Weights, and whatever a decoder makes of the outputs, do not
come from there: a child process that runs such a model gets a bound on its whole address space as well
(`boxwright.jobs.bounds`).
"""

import functools
import threading
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import onnxruntime

from boxwright.domain.errors import InvalidModel
from boxwright.domain.ports import TaskContext

T = TypeVar("T")
Task = Callable[[Mapping[str, Any], TaskContext], T]
_SAME_AS_REQUESTED = 1
_WORDS = ("failed to allocate", "available memory of", "bad alloc", "bad_alloc", "out of memory")
_lock = threading.Lock()
_arenas: list[int] = []


def too_much(limit: int) -> InvalidModel:
    """Return the error for a model that wants more than `limit` bytes."""
    return InvalidModel(
        f"the model needs more than the {limit >> 20} MB of memory that a model from elsewhere may use; "
        "use a smaller one, or raise the setting model_memory_mb",
        code="model_memory",
    )


def is_memory(error: BaseException) -> bool:
    """Tell whether an error, also one of ONNX Runtime, means that memory ran out."""
    return isinstance(error, MemoryError) or any(word in str(error).lower() for word in _WORDS)


def use_arena(options: onnxruntime.SessionOptions, limit: int) -> None:
    """Let a session take its memory from the arena of this process; its size is that of the first call."""
    with _lock:
        if not _arenas:
            kind = onnxruntime.OrtAllocatorType.ORT_ARENA_ALLOCATOR
            place = onnxruntime.OrtMemoryInfo("Cpu", kind, 0, onnxruntime.OrtMemType.DEFAULT)
            settings = {"max_mem": limit, "arena_extend_strategy": _SAME_AS_REQUESTED}
            onnxruntime.create_and_register_allocator(place, onnxruntime.OrtArenaCfg(settings))
            _arenas.append(limit)
    options.add_session_config_entry("session.use_env_allocators", "1")


def shrinking() -> onnxruntime.RunOptions:
    """Return options of a run that gives back what the arena holds but nobody uses."""
    options = onnxruntime.RunOptions()
    options.add_run_config_entry("memory.enable_memory_arena_shrinkage", "cpu:0")
    return options


def bounded(task: Task[T]) -> Task[T]:
    """Say why a task failed that `params["memory"]` bounds, as its model comes from elsewhere."""

    @functools.wraps(task)
    def run(params: Mapping[str, Any], context: TaskContext) -> T:
        limit = params.get("memory")
        if limit is None:
            return task(params, context)
        try:
            return task(params, context)
        except MemoryError as error:
            raise too_much(int(limit)) from error

    return run
