"""New annotations whose geometry is text on its way into the database."""

from dataclasses import fields

from boxwright.domain.annotations import Annotation, Drawn
from boxwright.domain.jsontext import encode
from boxwright.domain.manifest import geometry_to_json

_SAME = tuple(item.name for item in fields(Annotation) if item.name != "geometry")
_SELDOM = ("z", "crowd", "attributes", "track_id", "group_id", "author_id", "model_id", "external_id", "run_id")


def drawn_of(item: Annotation) -> Drawn:
    """Return an annotation with its geometry as text."""
    shape, values = item.geometry, {name: getattr(item, name) for name in _SAME}
    text = encode(geometry_to_json(shape)).decode()
    return Drawn(**values, text=text, type=shape.type, bounds=shape.bounds, area=shape.area)


def drawn_text(item: Drawn) -> str:
    """Return a new annotation as the log has it: without what says nothing, as there are very many of them."""
    more = {name: value for name in _SELDOM if (value := getattr(item, name))}
    if item.score is not None:
        more["score"] = item.score
    behind = encode(more).decode()[1:]
    return (
        f'{{"annotation":{{"id":"{item.id}","class_id":"{item.class_id}","geometry":{item.text},'
        f'"source":"{item.source}","state":"{item.state}"{"," if more else ""}{behind},"op":"upsert"}}'
    )
