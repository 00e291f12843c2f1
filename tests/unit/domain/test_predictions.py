"""A prediction on the wire is what the API's schema says of the dataclass."""

from __future__ import annotations

import json

import pytest
from pydantic import TypeAdapter

from boxwright.domain.detections import DetectionRow
from boxwright.domain.geometry import Polygon
from boxwright.domain.predictions import ImageSize, Prediction, prediction_to_json

OUTLINE = Polygon(rings=(((1.0, 2.0), (5.0, 2.0), (5.0, 9.0)),))


@pytest.mark.parametrize("mask", [None, OUTLINE])
def test_it_is_what_the_schema_says(mask: Polygon | None) -> None:
    row = DetectionRow(class_id=1, class_name="WBC", score=0.5, box=(1.0, 2.0, 5.0, 9.0), mask=mask)
    value = Prediction(model="m", image=ImageSize(width=8, height=10), detections=(row,))
    said = TypeAdapter(Prediction).dump_json(value, by_alias=True, exclude_none=True)
    assert json.loads(json.dumps(prediction_to_json(value))) == json.loads(said)
