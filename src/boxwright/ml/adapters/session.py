"""A detector's ONNX file in ONNX Runtime: what goes in, in which layout and number type, and what comes out."""

import io
import threading
from collections.abc import Mapping, Sequence
from contextlib import redirect_stdout, suppress
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from boxwright.domain.errors import InvalidModel
from boxwright.domain.inspection import TensorFacts
from boxwright.domain.models import ModelInput
from boxwright.ml.adapters.memory import is_memory, shrinking, too_much, use_arena
from boxwright.ml.adapters.wire import Contents, check_onnx

CPU, CUDA = "CPUExecutionProvider", "CUDAExecutionProvider"
MAX_BYTES = 2**31 - 1
MAX_SIDE = 8192
MAX_ELEMENTS = 1 << 27
_ERRORS = 3
_SECONDS = 60.0
_TYPES = {
    "tensor(float)": np.float32,
    "tensor(float16)": np.float16,
    "tensor(double)": np.float64,
    "tensor(uint8)": np.uint8,
    "tensor(int32)": np.int32,
    "tensor(int64)": np.int64,
    "tensor(bool)": np.bool_,
}
_PICTURE_TYPES = {"tensor(float)", "tensor(float16)", "tensor(uint8)"}


class Network:
    """An opened ONNX file. May be used from several threads.

    Args:
        path: the file.
        threads: of one prediction. They do not spin, so that the server's other work is not slowed.
        seconds: a network with loops in it is stopped after so long.
        memory: bytes it may use, together with the other networks here that are bounded; None for a model that was
            trained here.
        gpu: whether to run on a CUDA GPU, where there is one and onnxruntime-gpu is installed; not with `memory`.

    Raises:
        InvalidModel: no ONNX, weights in other files, operators of its own, or no network that takes one picture.
    """

    def __init__(
        self, path: Path, threads: int = 1, seconds: float = _SECONDS, memory: int | None = None, gpu: bool = False
    ) -> None:
        self.session, contents = _open(path, threads, memory, gpu and memory is None)
        self._memory = memory
        self.parameters = contents.parameters
        self._seconds = seconds if contents.loops else None
        self.inputs = tuple(facts(item) for item in self.session.get_inputs())
        self.outputs = tuple(facts(item) for item in self.session.get_outputs())
        self.metadata: Mapping[str, str] = self.session.get_modelmeta().custom_metadata_map
        self._names = [item.name for item in self.outputs]
        self.picture = _picture(self.inputs)
        self._others = tuple(item for item in self.inputs if item is not self.picture)
        _check_extent(self.inputs, self.outputs)

    @property
    def on_gpu(self) -> bool:
        """Whether it runs on a GPU."""
        return CUDA in self.session.get_providers()

    @property
    def layout(self) -> str:
        """`nchw`, or `nhwc` where the colours come last."""
        shape = self.picture.shape
        if 3 in (shape[-1], shape[-3]):
            return "nhwc" if shape[-3] != 3 else "nchw"
        return "nhwc" if self.picture.type == "tensor(uint8)" else "nchw"

    @property
    def size(self) -> tuple[int | None, int | None]:
        """Width and height that the network insists on; None where it takes any."""
        height, width = self.picture.shape[-3:-1] if self.layout == "nhwc" else self.picture.shape[-2:]
        return _fixed(width), _fixed(height)

    def feed(self, batch: NDArray[np.float32], spec: ModelInput) -> dict[str, NDArray[Any]]:
        """Return what to give to `run` for pictures (b, 3, h, w) that are normalised already."""
        values: NDArray[Any] = batch.transpose(0, 2, 3, 1) if self.layout == "nhwc" else batch
        kind = _TYPES[self.picture.type]
        if kind is np.uint8:
            values = np.clip(np.rint(values), 0, 255)
        if len(self.picture.shape) == 3:
            values = values[0]
        feeds: dict[str, NDArray[Any]] = {self.picture.name: np.ascontiguousarray(values, kind)}
        return feeds | {item.name: _other(item, spec) for item in self._others}

    def run(self, feeds: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
        """Return the outputs by name. Raises InvalidModel where the network fails, or answers no finite numbers."""
        try:
            answers = self._run_within(feeds)
        except Exception as error:  # onnxruntime raises its own kinds, all of them direct children of Exception
            if self._memory is not None and is_memory(error):
                raise too_much(self._memory) from error
            raise InvalidModel(f"the network fails: {first_line(error)}", code="model_broken") from error
        for values in answers:
            if getattr(values, "dtype", np.dtype(object)).kind not in "fiub":
                raise InvalidModel("an output of the model is no array of numbers", code="model_broken")
            if values.dtype.kind == "f" and not np.isfinite(values).all():
                raise InvalidModel("the model's outputs are not finite numbers", code="model_broken")
        return dict(zip(self._names, answers, strict=True))

    def _run_within(self, feeds: Mapping[str, NDArray[Any]]) -> Sequence[NDArray[Any]]:
        """Run; where the shared memory does not suffice, first give back what other networks left in it."""
        try:
            return self._run(feeds)
        except Exception as error:
            if self._memory is None or not is_memory(error):
                raise
        with suppress(Exception):
            self._run(feeds, shrinking())
        return self._run(feeds)

    def _run(
        self, feeds: Mapping[str, NDArray[Any]], options: onnxruntime.RunOptions | None = None
    ) -> Sequence[NDArray[Any]]:
        return _run_at_most(self._seconds, self.session, self._names, feeds, options)


def open_session(path: Path, memory: int | None = None) -> tuple[onnxruntime.InferenceSession, Contents]:
    """Return the session of a file that is no detector, checked and bounded like one. Raises InvalidModel."""
    return _open(path, 1, memory, False)


def run_session(
    opened: tuple[onnxruntime.InferenceSession, Contents], feeds: Mapping[str, NDArray[Any]]
) -> dict[str, NDArray[Any]]:
    """Return the outputs of what `open_session` opened, by name. Raises InvalidModel where it fails."""
    session, contents = opened
    names = [item.name for item in session.get_outputs()]
    try:
        answers = _run_at_most(_SECONDS if contents.loops else None, session, names, feeds)
        return dict(zip(names, answers, strict=True))
    except Exception as error:  # onnxruntime raises its own kinds, all of them direct children of Exception
        raise InvalidModel(f"the network fails: {first_line(error)}", code="model_broken") from error


def _run_at_most(
    seconds: float | None,
    session: onnxruntime.InferenceSession,
    names: Sequence[str],
    feeds: Mapping[str, NDArray[Any]],
    options: onnxruntime.RunOptions | None = None,
) -> Sequence[NDArray[Any]]:
    """Run; stop after so many seconds, where they are given."""
    if seconds is None:
        answers: Sequence[NDArray[Any]] = session.run(names, feeds, options)
        return answers
    options = options or onnxruntime.RunOptions()
    options.log_severity_level = _ERRORS + 1
    timer = threading.Timer(seconds, setattr, (options, "terminate", True))
    timer.daemon = True
    timer.start()
    try:
        stopped: Sequence[NDArray[Any]] = session.run(names, feeds, options)
        return stopped
    finally:
        timer.cancel()


def first_line(error: Exception) -> str:
    """Return the first line of what ONNX Runtime says, not too long."""
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return lines[0][:300]


def _open(path: Path, threads: int, memory: int | None, gpu: bool) -> tuple[onnxruntime.InferenceSession, Contents]:
    """Return the session and what the file holds."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise InvalidModel(f"{path.name} is larger than the 2 GiB that an ONNX file can have")
        data = path.read_bytes()
    except OSError as error:
        raise InvalidModel(f"{path.name} cannot be read: {error.strerror or error}") from error
    contents = check_onnx(data)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = max(1, threads)
    options.inter_op_num_threads = 1
    options.log_severity_level = _ERRORS
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    if memory is not None:
        use_arena(options, memory)
        # What is wrong is raised and said once; a model from elsewhere does not fill the server's log.
        options.log_severity_level = _ERRORS + 1
    try:
        return onnxruntime.InferenceSession(data, options, providers=_providers(gpu)), contents
    except Exception as error:  # onnxruntime raises its own kinds, all of them direct children of Exception
        if memory is not None and is_memory(error):
            raise too_much(memory) from error
        raise InvalidModel(f"{path.name} cannot be run: {first_line(error)}") from error


def _providers(gpu: bool) -> list[str]:
    """Return where to run, the first choice first. One that cannot start is passed over by ONNX Runtime."""
    if not gpu or CUDA not in onnxruntime.get_available_providers():
        return [CPU]
    # CUDA's own libraries, where they came as wheels; what cannot be loaded is said on standard output.
    with redirect_stdout(io.StringIO()):
        onnxruntime.preload_dlls()
    return [CUDA, CPU]


def facts(item: Any) -> TensorFacts:
    """Return what an input or output of a session is."""
    return TensorFacts(name=item.name, shape=tuple(item.shape or ()), type=item.type)


def _fixed(side: int | str | None) -> int | None:
    return side if isinstance(side, int) and side > 0 else None


def _picture(inputs: Sequence[TensorFacts]) -> TensorFacts:
    """Return the input that takes the picture. Raises InvalidModel."""
    for item in inputs:
        if item.type in _PICTURE_TYPES and len(item.shape) in (3, 4):
            _check_picture(item)
            return item
    shapes = ", ".join(f"{item.name} {list(item.shape)} {item.type}" for item in inputs)[:300]
    raise InvalidModel(f"none of the model's inputs takes a picture: {shapes or 'it has none'}", code="model_unknown")


def _check_picture(item: TensorFacts) -> None:
    batch = item.shape[0] if len(item.shape) == 4 else 1
    colours = [_fixed(item.shape[-1]), _fixed(item.shape[-3])]
    if isinstance(batch, int) and batch > 1:
        raise InvalidModel(f"the model takes {batch} pictures at once; export it for one", code="model_unknown")
    if None not in colours and 3 not in colours:
        raise InvalidModel(
            f"the model's input {item.name} {list(item.shape)} does not take three colours", code="model_unknown"
        )


def _check_extent(inputs: Sequence[TensorFacts], outputs: Sequence[TensorFacts]) -> None:
    """Raise InvalidModel for shapes that no detector has."""
    for item in inputs:
        if any(isinstance(side, int) and side > MAX_SIDE for side in item.shape):
            raise InvalidModel(f"the input {item.name} {list(item.shape)} is larger than {MAX_SIDE} pixels a side")
    for item in outputs:
        elements = np.prod([float(side) if isinstance(side, int) and side > 0 else 1.0 for side in item.shape])
        if elements > MAX_ELEMENTS:
            raise InvalidModel(f"the output {item.name} {list(item.shape)} is too large for a detector")


def _other(item: TensorFacts, spec: ModelInput) -> NDArray[Any]:
    """Return what an input beside the picture gets: its size, a scale of 1, or a mask that leaves all in."""
    name, kind = item.name.lower(), _TYPES.get(item.type, np.float32)
    if "mask" in name:
        return np.ones((1, spec.height, spec.width), kind)
    if "scale" in name:
        return np.ones((1, 2), kind)
    if "size" in name or "shape" in name:
        size = (spec.width, spec.height) if "size" in name else (spec.height, spec.width)
        return np.array([size] if len(item.shape) != 1 else size, kind)
    raise InvalidModel(
        f"the model's second input {item.name!r} {list(item.shape)} is not known here", code="model_unknown"
    )
