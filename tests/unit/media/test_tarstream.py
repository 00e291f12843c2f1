from __future__ import annotations

import io
import tarfile

import pytest

from boxwright.domain.errors import InvalidBackup
from boxwright.media import tarstream
from boxwright.media.tarstream import TarReader

FILES = {"a": b"", "b/c": b"x", "d": bytes(512), "e": b"y" * 1000}


def written() -> bytes:
    parts = [tarstream.header(name, len(data)) + data + tarstream.padding(len(data)) for name, data in FILES.items()]
    return b"".join(parts) + tarstream.END


def test_other_programs_read_it_and_its_size_is_known() -> None:
    data = written()
    assert len(data) == sum(tarstream.space(len(item)) for item in FILES.values()) + len(tarstream.END)
    with tarfile.open(fileobj=io.BytesIO(data)) as opened:
        assert {info.name: opened.extractfile(info).read() for info in opened} == FILES  # type: ignore[union-attr]
        assert {info.mode for info in opened} == {0o600}


def test_members_come_back_one_after_the_other() -> None:
    reader = TarReader(io.BytesIO(written()))
    assert reader.next() == ("a", 0)
    assert reader.read() == b""
    assert reader.next() == ("b/c", 1)
    assert reader.next() == ("d", 512)  # what was not read is passed over
    assert reader.read(500) + reader.read(500) == bytes(512)
    assert reader.next() == ("e", 1000)
    assert b"".join(reader.pieces()) == FILES["e"]
    reader.end()


def test_large_members_have_a_header_of_one_block() -> None:
    header = tarstream.header("blobs/" + "a" * 64, 9 << 30)
    assert len(header) == tarstream.BLOCK
    assert TarReader(io.BytesIO(header)).next() == ("blobs/" + "a" * 64, 9 << 30)


def test_too_long_a_name() -> None:
    with pytest.raises(ValueError, match="too long"):
        tarstream.header("x" * 101, 1)


def test_a_hidden_message_between_two_members() -> None:
    data = bytearray(written())
    data[3 * 512 - 1] = 1
    reader = TarReader(io.BytesIO(bytes(data)))
    reader.next()
    reader.next()
    with pytest.raises(InvalidBackup, match="between"):
        reader.next()


@pytest.mark.parametrize("more", [b"x", bytes(512)])
def test_something_after_the_end(more: bytes) -> None:
    reader = TarReader(io.BytesIO(written() + more))
    for _ in FILES:
        reader.next()
    with pytest.raises(InvalidBackup, match="end"):
        reader.end()
