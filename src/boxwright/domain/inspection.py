"""What was recognised in a model file."""

from dataclasses import dataclass
from typing import Literal

from boxwright.domain.decoders import DecoderFamily
from boxwright.domain.detections import DetectionRow
from boxwright.domain.models import ModelCard

Confidence = Literal["sure", "likely", "guess", "unknown"]


@dataclass(frozen=True, kw_only=True, slots=True)
class TensorFacts:
    """An input or output of an ONNX file; a dimension that may be of any size has a name, or None."""

    name: str
    shape: tuple[int | str | None, ...]
    type: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Trial:
    """What a model finds on one image of the project (`boxes` in its pixels), and how long it took on one core."""

    image_id: str
    width: int
    height: int
    detections: tuple[DetectionRow, ...]
    milliseconds: float


@dataclass(frozen=True, kw_only=True, slots=True)
class ModelInspection:
    """A look at a model file that passed the check; nothing of it is kept.

    `card` is how it would be run, `reasons` say why, `alternatives` name decoders that fit the outputs as well,
    `families` all there are to choose from. `milliseconds` is one picture on one core. Where `confidence` is `unknown`
    no family was recognised: a person chooses the decoder, `alternatives` name those that can read such outputs, and
    `card` is but where to start.
    """

    card: ModelCard
    confidence: Confidence
    reasons: tuple[str, ...]
    alternatives: tuple[str, ...]
    inputs: tuple[TensorFacts, ...]
    outputs: tuple[TensorFacts, ...]
    milliseconds: float
    families: tuple[DecoderFamily, ...]
    trial: Trial | None = None
