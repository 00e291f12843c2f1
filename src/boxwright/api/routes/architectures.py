"""Networks that can be trained, and the weights they start from."""

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from boxwright.api.deps import App, Who, get_administrator, get_caller, in_project, known_id
from boxwright.api.routes import PREFIX
from boxwright.domain.architectures import ARCHITECTURES, Architecture, StartingWeights

router = APIRouter(prefix=PREFIX, tags=["models"])


class NewStartingWeights(BaseModel):
    """A folder of transformers, packed and uploaded; `architecture` where its family has several sizes."""

    upload_id: str
    architecture: str | None = Field(default=None, max_length=100)
    licence: str | None = Field(default=None, max_length=200)


@router.get("/architectures", operation_id="listArchitectures", dependencies=[Depends(get_caller)])
def list_architectures() -> tuple[Architecture, ...]:
    """Return every network that can be trained."""
    return ARCHITECTURES


@router.get("/starting-weights", operation_id="listStartingWeights", dependencies=[Depends(get_caller)])
def list_starting_weights(app: App) -> tuple[StartingWeights, ...]:
    """Return the pretrained weights that are here, the newest first."""
    return app.pretrained.all()


@router.post(
    "/projects/{project_id}/starting-weights",
    operation_id="addStartingWeights",
    status_code=201,
    dependencies=[Depends(in_project("manager"))],
)
def add_starting_weights(body: NewStartingWeights, app: App, caller: Who) -> StartingWeights:
    """Add pretrained weights from an uploaded archive with `config.json` and `model.safetensors`."""
    upload = app.uploads.get(body.upload_id, caller)
    path = app.uploads.take(body.upload_id, caller)
    weights = app.pretrained.add(path, upload.name, body.architecture, body.licence)
    app.uploads.delete(body.upload_id, caller)
    return weights


@router.delete(
    "/starting-weights/{weights_id}",
    operation_id="deleteStartingWeights",
    status_code=204,
    dependencies=[Depends(get_administrator)],
)
def delete_starting_weights(weights_id: str, app: App) -> None:
    """Remove pretrained weights; for administrators."""
    app.pretrained.delete(known_id(weights_id))
