"""What helps to choose a training's parameters."""

import json
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response
from pydantic import BaseModel

from boxwright.api.deps import App, get_caller, in_project
from boxwright.api.routes import PREFIX
from boxwright.domain.errors import Invalid

router = APIRouter(prefix=PREFIX, tags=["training"])


class Parameter(BaseModel):
    """One training parameter, as pages and the shell explain it."""

    name: str
    kind: str
    default: float | int | bool | str | None
    minimum: float | None
    maximum: float | None
    choices: list[str] | None
    help: str
    group: str


class AugmentationPreset(BaseModel):
    """A preset, what it is for, and the parameters in which it differs from the defaults."""

    name: str
    help: str
    values: dict[str, float]


class Advice(BaseModel):
    """A value that suits the project's data, and why; a `hint` is not taken by itself."""

    name: str
    value: float
    why: str
    hint: bool


@router.get("/training/parameters", operation_id="getTrainingParameters", dependencies=[Depends(get_caller)])
def get_parameters(app: App) -> list[Parameter]:
    """Return every training parameter with default, range and meaning."""
    return [Parameter(**item) for item in app.training.parameters()]


@router.get("/training/presets", operation_id="getTrainingPresets", dependencies=[Depends(get_caller)])
def get_presets(app: App) -> list[AugmentationPreset]:
    """Return the augmentation presets."""
    found = app.training_help.presets()
    return [AugmentationPreset(name=item.name, help=item.help, values=dict(item.values)) for item in found]


@router.get(
    "/projects/{project_id}/training/advice",
    operation_id="getTrainingAdvice",
    dependencies=[Depends(in_project("viewer"))],
)
def get_advice(project_id: str, app: App) -> list[Advice]:
    """Return what a training would choose for the project's data, and why."""
    found = app.training_help.advice(project_id)
    return [Advice(name=item.name, value=item.value, why=item.why, hint=item.hint) for item in found]


@router.get(
    "/projects/{project_id}/training/preview",
    operation_id="getTrainingPreview",
    response_class=Response,
    responses={200: {"content": {"image/jpeg": {}}}},
    dependencies=[Depends(in_project("viewer"))],
)
def get_preview(
    project_id: str,
    app: App,
    hyper: Annotated[str, Query(max_length=4000, description="Training parameters as JSON.")] = "{}",
    index: Annotated[int, Query(ge=0, lt=100)] = 0,
) -> Response:
    """Return a training picture as the network would see it, with its boxes, as a JPEG."""
    try:
        given = json.loads(hyper)
    except (ValueError, RecursionError) as error:  # brackets within brackets
        raise Invalid(f"hyper: {error}", code="hyper_invalid") from error
    if not isinstance(given, dict):
        raise Invalid("hyper: a JSON object is needed", code="hyper_invalid")
    return Response(app.training_help.preview(project_id, given, index), media_type="image/jpeg")
