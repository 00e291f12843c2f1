"""Bodies that correct model cards."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from boxwright.api.bodies import Uploaded
from boxwright.domain.corrections import CardChanges, InputChanges
from boxwright.domain.models import Placement

Finite = Annotated[float, Field(allow_inf_nan=False)]
Three = tuple[Finite, Finite, Finite]
Side = Annotated[int | None, Field(default=None, ge=1, le=8192)]
Part = Annotated[float | None, Field(default=None, ge=0, le=1)]
Word = Annotated[str, Field(max_length=40)]
ClassName = Annotated[str, Field(min_length=1, max_length=200)]


class InputPatch(BaseModel):
    """How pixels become the network's input; what is left out stays."""

    width: Side
    height: Side
    channels: Literal["rgb", "bgr"] | None = None
    placement: Placement | None = None
    pad: int | None = Field(default=None, ge=0, le=255)
    mean: Three | None = None
    std: Three | None = None


class CardPatch(BaseModel):
    """Corrections of a model card; what is left out stays. `classes` are names in the network's order."""

    name: str | None = Field(default=None, min_length=1, max_length=200)
    decoder: Word | None = None
    options: dict[Word, Word] | None = Field(default=None, max_length=20)
    input: InputPatch | None = None
    classes: list[ClassName] | None = Field(default=None, min_length=1, max_length=10_000)
    score_threshold: Part
    iou_threshold: Part
    licence: str | None = Field(default=None, min_length=1, max_length=200)
    thresholds: dict[ClassName, Annotated[float, Field(ge=0, le=1)]] | None = Field(default=None, max_length=10_000)

    def changes(self) -> CardChanges:
        """Return them as the domain's."""
        return CardChanges(
            name=self.name,
            decoder=self.decoder,
            options=self.options,
            input=InputChanges(**(self.input.model_dump() if self.input else {})),
            classes=None if self.classes is None else tuple(self.classes),
            score_threshold=self.score_threshold,
            iou_threshold=self.iou_threshold,
            licence=self.licence,
            thresholds=self.thresholds,
        )


class ModelUpload(CardPatch, Uploaded):
    """Finished uploads that make one model.

    `upload_id` is an ONNX file, a ZIP saved by Boxwright, or a ZIP with the files of Darknet or of SAM. Where a model
    comes in several files (`.cfg`, `.weights` and `.names`; `weights.safetensors` and `card.json`; the encoder and the
    decoder of SAM), `more` names the others.
    """


class ModelLook(ModelUpload):
    """Uploaded files to look at, with an image of the project to try them on."""

    image_id: str | None = None


class ModelTrial(CardPatch):
    """Corrections of a model to try, and an image to try them on."""

    image_id: str | None = None
