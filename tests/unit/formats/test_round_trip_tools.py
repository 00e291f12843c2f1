"""A -> records -> A for the formats of other labelling tools: what each can hold comes back, twice byte for byte."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drawn import (
    ATTRIBUTES,
    SETTINGS,
    boxes,
    circles,
    close,
    datasets,
    dots,
    ellipses,
    lines,
    masks,
    polygons,
    rotated,
    upright_ellipses,
)

SCORE = st.none() | st.floats(0, 1)
GROUP = st.none() | st.integers(1, 9).map(str)
Z = st.integers(-3, 9)
HELD = {
    "cvat": (
        boxes() | polygons() | masks() | rotated() | ellipses() | lines() | dots(),
        {"attributes": ATTRIBUTES, "z": Z, "group_id": GROUP},
    ),
    "labelstudio": (
        boxes() | polygons() | masks() | rotated() | ellipses() | lines() | dots(1),
        {"attributes": ATTRIBUTES, "score": SCORE},
    ),
    "labelme": (
        boxes() | polygons() | masks() | circles() | lines() | dots(),
        {"attributes": ATTRIBUTES, "group_id": GROUP, "score": SCORE},
    ),
    "datumaro": (
        boxes() | polygons() | masks() | upright_ellipses() | lines() | dots(),
        {
            "attributes": ATTRIBUTES,
            "z": Z,
            "group_id": GROUP,
            "score": SCORE,
            "crowd": st.booleans(),
            "external_id": st.none() | st.integers(1, 10**6).map(str),
        },
    ),
    "via": (boxes() | polygons() | circles() | ellipses() | lines() | dots(1), {"attributes": ATTRIBUTES}),
}


@pytest.mark.parametrize("kind", HELD)
def test_round_trip(kind, build, again):
    shapes, fields = HELD[kind]

    @SETTINGS
    @given(drawn=datasets(shapes, **fields))
    def check(drawn):
        dataset = build(drawn)
        got = again(dataset, kind)
        assert got.class_names == ["cat", "big dog"]
        assert set(got.codes) <= {"suspicious_size", "out_of_bounds"}
        for record in dataset[1]:
            mine = got.by_name[record.name]
            assert (mine.split, mine.state, mine.tags) == (record.split, record.state, record.tags)
            for a, b in zip(mine.annotations, record.annotations, strict=True):
                close(a.geometry, b.geometry)
                held = [(i.class_index, i.z, i.group_id, i.score, dict(i.attributes)) for i in (a, b)]
                assert held[0] == held[1]

    check()


FLAGS = st.fixed_dictionaries({}, optional={"occluded": st.booleans(), "truncated": st.booleans()})
BOXES = {
    "darknet": {},
    "createml": {"score": SCORE},
    "openimages": {"score": st.none() | st.floats(0, 0.9), "crowd": st.booleans(), "attributes": FLAGS},
    "tfrecord": {"crowd": st.booleans()},
}


@pytest.mark.parametrize("kind", BOXES)
def test_round_trip_of_boxes(kind, build, again):
    @SETTINGS
    @given(drawn=datasets(boxes(), **BOXES[kind]))
    def check(drawn):
        dataset = build(drawn)
        got = again(dataset, kind)
        assert set(got.codes) <= {"suspicious_size"}
        for record in dataset[1]:
            mine = got.by_name[record.name]
            state = "unlabeled" if kind == "openimages" and record.state == "empty" else record.state
            assert (mine.split, mine.state) == (record.split, state)
            for a, b in zip(mine.annotations, record.annotations, strict=True):
                # 32-bit floats hold a place on 100 pixels to about 1e-5.
                assert a.geometry.bounds == pytest.approx(
                    b.geometry.bounds, rel=0, abs=1e-5 if kind == "tfrecord" else 2e-9
                )
                assert got.class_names[a.class_index] == dataset[0].classes[b.class_index].name
                assert (a.score, a.crowd, dict(a.attributes)) == (b.score, b.crowd, dict(b.attributes))

    check()
