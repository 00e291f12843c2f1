"""Smart tools of the editor."""

from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from boxwright.api.deps import App, Who, guard, in_project
from boxwright.api.routes import PREFIX
from boxwright.domain.assist import MAX_CLICKS, Assistant, AssistShape, Outlined, Prepared, Prompt, Similar

router = APIRouter(prefix=PREFIX, tags=["assist"])
Number = Annotated[float, Field(allow_inf_nan=False)]
Corners = tuple[Number, Number, Number, Number]
Clicks = Annotated[list[tuple[Number, Number]], Field(max_length=MAX_CLICKS)]


class Segmentation(BaseModel):
    """A box `x0, y0, x1, y1` around an object, clicks on it (`inside`) and beside it (`outside`), in upright pixels.

    Without a box the object is sought in `view`, the part of the picture that is on the screen.
    """

    box: Corners | None = None
    inside: Clicks = Field(default_factory=list)
    outside: Clicks = Field(default_factory=list)
    view: Corners | None = None
    shape: AssistShape = "polygon"


@router.post(
    "/images/{image_id}/segment", operation_id="segmentImage", dependencies=[Depends(guard("image", "annotator"))]
)
def segment_image(image_id: str, body: Segmentation, app: App) -> Outlined:
    """Return the outline of the object that a box or clicks mean, as a polygon or a mask; nothing is stored."""
    prompt = Prompt(box=body.box, inside=body.inside, outside=body.outside, view=body.view)
    return app.assisting.segment(image_id, prompt, body.shape)


class Like(BaseModel):
    """A box `x0, y0, x1, y1` around one of the objects that are sought, in upright pixels."""

    box: Corners


@router.post(
    "/images/{image_id}/similar", operation_id="findSimilar", dependencies=[Depends(guard("image", "annotator"))]
)
def find_similar(image_id: str, body: Like, app: App) -> tuple[Similar, ...]:
    """Return other places of the picture that look like a box of it, the likest first; nothing is stored."""
    return app.assisting.similar(image_id, body.box)


@router.get("/assist", operation_id="getAssistant")
def get_assistant(app: App, _: Who) -> Assistant:
    """Say whether networks for outlines lie in the folder `assist` of the data folder, and what is wrong with them."""
    return app.assisting.assistant()


@router.get(
    "/projects/{project_id}/assist", operation_id="getProjectAssistant", dependencies=[Depends(in_project("viewer"))]
)
def get_project_assistant(project_id: str, app: App) -> Assistant:
    """Say which networks for outlines a project has: its newest model of this kind, else those of the folder."""
    return app.assisting.assistant(project_id)


@router.post(
    "/images/{image_id}/segment/prepare",
    operation_id="prepareSegment",
    dependencies=[Depends(guard("image", "annotator"))],
)
def prepare_segment(image_id: str, app: App) -> Prepared:
    """Begin to encode a picture for clicks in the background, where there is a network; the answer does not wait."""
    return app.assisting.prepare(image_id)
