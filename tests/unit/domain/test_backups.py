from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boxwright.domain.backups import (
    BackupManifest,
    Kind,
    TablePart,
    manifest_from,
    row_from_line,
    row_to_line,
    to_bytes,
)
from boxwright.domain.errors import InvalidBackup

VALUES: dict[Kind, st.SearchStrategy[object]] = {
    "text": st.text(st.characters()),
    "json": st.sampled_from(['{"a": 1e-300}', "[]", " 1 ", '"\\u0000"']),
    "integer": st.integers(-(1 << 63), (1 << 63) - 1),
    "float": st.floats(),
    "boolean": st.booleans(),
    "binary": st.binary(),
}
CELLS = st.sampled_from(sorted(VALUES)).flatmap(lambda kind: st.tuples(st.just(kind), st.none() | VALUES[kind]))


@given(st.lists(CELLS))
def test_a_row_comes_back_to_the_last_bit(cells: list[tuple[Kind, object]]) -> None:
    kinds, values = [kind for kind, _ in cells], [value for _, value in cells]
    line = row_to_line(values)
    assert line.endswith(b"\n")
    assert line.count(b"\n") == 1
    for old, new in zip(values, row_from_line(line, kinds), strict=True):
        if isinstance(old, float) and isinstance(new, float) and old == old:
            assert struct.pack("<d", old) == struct.pack("<d", new)
        else:
            assert repr(old) == repr(new)


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        (b"[1]", "text"),
        (b'["1"]', "integer"),
        (b"[1.5]", "integer"),
        (b"[true]", "integer"),
        (b"[9223372036854775808]", "integer"),
        (b"[true]", "float"),
        (b'["1.0"]', "float"),
        (b"[0]", "boolean"),
        (b'["not base64"]', "binary"),
        (b'["{"]', "json"),
        (b"[]", "text"),
        (b'["a", "b"]', "text"),
        (b'{"0": "a"}', "text"),
        (b"[", "text"),
    ],
)
def test_what_does_not_fit_is_refused(line: bytes, kind: Kind) -> None:
    with pytest.raises(ValueError, match=r"."):
        row_from_line(line, [kind])


def test_a_manifest_comes_back() -> None:
    part = TablePart(name="users", columns=("id", "näme"), rows=3, bytes=4, sha256="ab")
    made = BackupManifest(
        schema="0002", product="1", created_at="now", tables=(part,), blobs=1, blob_bytes=2, missing=("cd",)
    )
    assert manifest_from(to_bytes(made)) == made


@pytest.mark.parametrize(
    "data", [b"", b"[]", b"{}", b'{"format": "boxwright.backup/1"}', b'{"format": 1}', b"[" * 100_000]
)
def test_a_manifest_that_is_none(data: bytes) -> None:
    with pytest.raises(InvalidBackup) as caught:
        manifest_from(data)
    assert "\n" not in caught.value.message
