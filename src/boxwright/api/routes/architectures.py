"""Networks that can be trained, and the weights they start from."""

from fastapi import APIRouter, Depends
from pydantic import Field

from boxwright.api.bodies import Uploaded
from boxwright.api.deps import App, Who, get_administrator, get_caller, in_project, known_id
from boxwright.api.routes import PREFIX
from boxwright.domain.architectures import ARCHITECTURES, Architecture, StartingWeights
from boxwright.services.pretrained import SOURCE_LIMIT

router = APIRouter(prefix=PREFIX, tags=["models"])


class NewStartingWeights(Uploaded):
    """Finished uploads with pretrained weights, and what the person who brings them says about them.

    `upload_id` is a ZIP or TAR with `config.json` and `model.safetensors`, or the second of them with the other in
    `more`; weights that were trained here need no `config.json`. `architecture` says which size of its family it is,
    `source` where the weights come from.
    """

    architecture: str | None = Field(default=None, max_length=100)
    licence: str | None = Field(default=None, max_length=200)
    source: str | None = Field(default=None, max_length=SOURCE_LIMIT)


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
def add_starting_weights(project_id: str, body: NewStartingWeights, app: App, caller: Who) -> StartingWeights:
    """Add pretrained weights for all projects, from uploaded files."""
    given = body.given(app.uploads, caller)
    said = {"wanted": body.architecture, "licence": body.licence, "source": body.source}
    weights = app.pretrained.add(project_id, given, caller, **said)
    body.forget(app.uploads, caller)
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
