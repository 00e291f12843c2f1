"""New annotations whose geometry is text on its way into the database."""

from typing import Any

from boxwright.domain.annotations import Annotation, Drawn
from boxwright.domain.jsontext import encode, quoted
from boxwright.domain.manifest import geometry_to_json
from boxwright.storage.types import json_text

_SAME = Drawn._fields[: Drawn._fields.index("x0")]
_SELDOM = ("z", "crowd", "track_id", "group_id", "model_id", "run_id")


def drawn_of(item: Annotation) -> Drawn:
    """Return an annotation with its geometry as text."""
    shape = item.geometry
    values: dict[str, Any] = {name: getattr(item, name) for name in _SAME}
    values |= zip(("x0", "y0", "x1", "y1"), shape.bounds, strict=True)
    return Drawn(
        **values,
        area=shape.area,
        type=shape.type,
        geometry=encode(geometry_to_json(shape)).decode(),
        attributes=json_text(dict(item.attributes)) or "{}",
    )


def drawn_text(item: Drawn) -> str:
    """Return a new annotation as the log has it: without what says nothing, as there are very many of them."""
    more = ""
    if item.attributes != "{}":
        more = f',"attributes":{item.attributes}'
    if item.author_id:
        more += f',"author_id":{quoted(item.author_id)}'
    if item.external_id:
        more += f',"external_id":{quoted(item.external_id)}'
    if item.score is not None:
        more += f',"score":{json_text(item.score)}'
    if item.z or item.crowd or item.track_id or item.group_id or item.model_id or item.run_id:
        seldom = encode({name: value for name in _SELDOM if (value := getattr(item, name))}).decode()
        more += f",{seldom[1:-1]}"
    return (
        f'{{"annotation":{{"id":"{item.id}","class_id":"{item.class_id}","geometry":{item.geometry},'
        f'"source":"{item.source}","state":"{item.state}"{more}}},"op":"upsert"}}'
    )
