"""Long lists of a JSON object: cut into windows they are what they are as a whole."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from boxwright.formats import jsonlists
from boxwright.formats.jsonfile import JsonFile
from boxwright.formats.jsonlists import Odd, read_lists

WANTED = ("images", "annotations")
PLAIN = st.none() | st.booleans() | st.integers(-(2**40), 2**40) | st.floats(-1e6, 1e6) | st.text(max_size=8)
VALUE = st.recursive(
    PLAIN, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4)
)
ITEMS = st.lists(st.dictionaries(st.text(max_size=4), VALUE, max_size=4) | VALUE, max_size=12)
DOCUMENT = st.fixed_dictionaries({}, optional=dict.fromkeys((*WANTED, "others"), ITEMS) | {"info": VALUE})


def gathered(path: Path) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = defaultdict(list)
    for key, items in read_lists(path, WANTED):
        found[key] += items
    return dict(found)


@settings(max_examples=60, deadline=None)
@given(
    document=DOCUMENT,
    indent=st.sampled_from([None, 1]),
    ascii_only=st.booleans(),
    window=st.sampled_from([7, 64, 4096]),
)
def test_windows_of_any_size_give_the_lists(
    tmp_path_factory: pytest.TempPathFactory,
    document: dict[str, Any],
    indent: int | None,
    ascii_only: bool,
    window: int,
) -> None:
    path = tmp_path_factory.mktemp("lists") / "x.json"
    path.write_text(json.dumps(document, indent=indent, ensure_ascii=ascii_only), encoding="utf-8")
    wanted = {key: document[key] for key in WANTED if document.get(key)}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(jsonlists, "_WINDOW", window)
        try:
            assert gathered(path) == wanted
        except Odd:
            assert window < 4096  # a value was larger than the window
        found: dict[str, list[Any]] = defaultdict(list)
        for key, items in JsonFile(path, "x.json").lists(WANTED):
            found[key] += items
        assert dict(found) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        "",
        '{"images": [1',
        '{"images": [1,]}',
        '{"images": [1]} x',
        '{"images": [NaN]}',
        '{"images": [{"a": 1}, {"a": "\udcff"}]}',
        "{images: []}",
        '{"images": [1 2]}',
        '{"info": 1 "images": []}',
    ],
)
def test_what_is_not_plainly_right_is_left_to_others(tmp_path: Path, text: str) -> None:
    path = tmp_path / "x.json"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(Odd):
        gathered(path)


def test_where_it_gets_odd_the_other_reader_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jsonlists, "_WINDOW", 64)
    path = tmp_path / "x.json"
    items = ", ".join(f'{{"id": {number}, "x": 0.5}}' for number in range(50))
    path.write_text(f'{{"annotations": [{items}, {{"id": 50, "x": NaN}}, {{"id": 51}}]}}')
    found = [item for _, some in JsonFile(path, "x.json").lists(("annotations",)) for item in some]
    assert [item["id"] for item in found] == list(range(52))
    assert found[50] == {"id": 50, "x": None}
