"""TFRecord: checksums against known values, any bytes, hostile lengths, masks, and what a foreign parser reads."""

import contextlib
import struct
import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from boxwright.domain.errors import InvalidDataset
from boxwright.domain.geometry import Box, Mask
from boxwright.domain.manifest import Labelled
from boxwright.formats.crc32c import crc32c, masked_crc
from boxwright.formats.tfexample import example, framed, parse_example, records
from boxwright.media import encode_plane


@pytest.mark.parametrize(
    ("data", "crc"),
    [
        (b"", 0),
        (b"123456789", 0xE3069283),
        (bytes(32), 0x8A9136AA),
        (b"\xff" * 32, 0x62A8AB43),
        (bytes(range(32)), 0x46DD794E),
    ],
)  # RFC 3720, B.4
def test_known_checksums(data, crc):
    assert crc32c(data) == crc


def plainly(data: bytes) -> int:
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


@pytest.mark.parametrize("size", [511, 8191, 8192, 8193, 9000, 20_001])
def test_long_blocks_sum_as_bit_by_bit(size):
    data = np.random.default_rng(size).integers(0, 256, size, np.uint8).tobytes()
    assert crc32c(data) == plainly(data)


@given(
    st.dictionaries(
        st.text(max_size=9),
        st.lists(st.binary(max_size=9), min_size=1, max_size=4)
        | st.lists(st.integers(-(2**63), 2**63 - 1), min_size=1, max_size=4)
        | st.lists(st.floats(width=32, allow_nan=False), min_size=1, max_size=4),
        max_size=4,
    )
)
def test_examples_there_and_back(features):
    assert parse_example(example(features)) == features


@given(st.binary(max_size=200))
def test_any_bytes_are_an_example_or_refused(data):
    with contextlib.suppress(ValueError):
        assert isinstance(parse_example(data), dict)


def test_hostile_lengths_take_no_memory(tmp_path):
    path = tmp_path / "a.tfrecord"
    head = struct.pack("<Q", 1 << 60)
    path.write_bytes(head + struct.pack("<I", masked_crc(head)) + bytes(50))
    tracemalloc.start()
    with pytest.raises(InvalidDataset, match="record 1: 1,152,921,504,606,846,976 bytes are more than"):
        list(records(path, "a.tfrecord"))
    inner = b"\x0a\xff\xff\xff\xff\xff\xff\xff\xff\x7f"
    with pytest.raises(ValueError, match="longer than what holds it"):
        parse_example(inner)
    assert tracemalloc.get_traced_memory()[1] < 10 << 20
    tracemalloc.stop()
    many = b"\x0a\x00" * 1_000_002  # a million and two empty values
    listed = b"".join((b"\x0a", varint(len(many)), many))
    entry = b"".join((b"\x0a\x01a\x12", varint(len(listed)), listed))
    features = b"".join((b"\x0a", varint(len(entry)), entry))
    with pytest.raises(ValueError, match="too many values"):
        parse_example(b"".join((b"\x0a", varint(len(features)), features)))


def varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])


def features_of(picture: bytes | None, **more: object) -> dict:
    found = {
        "image/filename": [b"a.jpg"],
        "image/width": [100],
        "image/height": [80],
        "image/object/bbox/xmin": [0.1],
        "image/object/bbox/ymin": [0.25],
        "image/object/bbox/xmax": [0.5],
        "image/object/bbox/ymax": [0.75],
        "image/object/class/text": [b"cat"],
    }
    return {**found, **({"image/encoded": [picture]} if picture else {}), **more}


def test_objects_classes_masks_and_pictures_inside(load, make_picture):
    mask = np.zeros((80, 100), np.uint8)
    mask[20:60, 10:50] = 255
    data = features_of(
        make_picture(shade=7), **{"image/object/mask": [encode_plane(mask)], "image/object/truncated": [1]}
    )
    got = load({"train.tfrecord": framed(example(data))})
    record = got.by_name["a.jpg"]
    assert isinstance(record.annotations[0].geometry, Mask)
    assert record.annotations[0].geometry.bounds == (10, 20, 50, 60)
    assert (record.split, dict(record.annotations[0].attributes)) == ("train", {"truncated": True})
    assert (got.workdir / record.path).read_bytes() == make_picture(shade=7)


def test_numbers_by_the_label_map(load, make_picture):
    data = features_of(make_picture(), **{"image/object/class/text": [], "image/object/class/label": [2]})
    text = "item {\n  id: 2\n  name: 'it\\'s'\n}\nitem { id: 1 display_name: \"dog\" }"
    got = load({"a.record-00000-of-00001": framed(example(data)), "map.pbtxt": text})
    assert got.labels("a.jpg") == [("it's", (10, 20, 50, 60))]
    assert got.class_names == ["dog", "it's"]
    assert load({"a.tfrecord": framed(example(data)), "map.pbtxt": "item { id: 2 name: '' }"}).class_names == [
        "class 2"
    ]


def test_two_pictures_of_one_name_and_a_broken_one(load, make_picture):
    one, two = (framed(example(features_of(make_picture(shade=shade)))) for shade in (1, 2))
    broken = framed(example(features_of(b"no picture")))
    got = load({"x.tfrecord": one + two + broken})
    assert len({record.sha256 for record in got.records}) == 2
    assert len(got.report["problems"]) == 1


@pytest.mark.parametrize("cut", [5, 13, -2, -30])
def test_a_file_that_is_cut_short_imports_nothing(cut, load, make_picture):
    good = framed(example(features_of(make_picture())))
    with pytest.raises(InvalidDataset, match="record 2: ") as caught:
        load({"x.tfrecord": good + good[:cut]})
    assert caught.value.code == "tfrecord_broken"


def test_a_flipped_bit_is_noticed(load, make_picture):
    good = bytearray(framed(example(features_of(make_picture()))))
    good[60] ^= 1
    with pytest.raises(InvalidDataset, match="do not fit their checksum"):
        load({"x.tfrecord": bytes(good)})


def test_google_protobuf_reads_what_is_written(build, save, unpack):
    """The message is declared here as TensorFlow's example.proto has it, and read by Google's own library."""
    descriptor = pytest.importorskip("google.protobuf.descriptor_pb2")
    descriptor_pool = pytest.importorskip("google.protobuf.descriptor_pool")  # it comes with ONNX
    message_factory = pytest.importorskip("google.protobuf.message_factory")
    field = descriptor.FieldDescriptorProto
    file = descriptor.FileDescriptorProto(name="example.proto", package="t", syntax="proto3")

    def message(name, *fields):
        kind = file.message_type.add(name=name)
        for number, (label, type_, key, of) in enumerate(fields, start=1):
            kind.field.add(name=key, number=number, label=label, type=type_, type_name=of)
        return kind

    one, many = field.LABEL_OPTIONAL, field.LABEL_REPEATED
    message("BytesList", (many, field.TYPE_BYTES, "value", None))
    message("FloatList", (many, field.TYPE_FLOAT, "value", None))
    message("Int64List", (many, field.TYPE_INT64, "value", None))
    kinds = [(one, field.TYPE_MESSAGE, key, f".t.{of}") for key, of in
             (("bytes_list", "BytesList"), ("float_list", "FloatList"), ("int64_list", "Int64List"))]  # fmt: skip
    message("Feature", *kinds)
    features = message("Features", (many, field.TYPE_MESSAGE, "feature", ".t.Features.FeatureEntry"))
    entry = features.nested_type.add(name="FeatureEntry")
    entry.options.map_entry = True
    entry.field.add(name="key", number=1, label=one, type=field.TYPE_STRING)
    entry.field.add(name="value", number=2, label=one, type=field.TYPE_MESSAGE, type_name=".t.Feature")
    message("Example", (one, field.TYPE_MESSAGE, "features", ".t.Features"))
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    read = message_factory.GetMessageClass(pool.FindMessageTypeByName("t.Example"))

    box = Labelled(class_index=1, geometry=Box(x0=10, y0=20, x1=50, y1=60))
    data = unpack(save(build([((box,), "train", "labeled")]), "tfrecord")[0])["train.tfrecord"]
    (length,) = struct.unpack("<Q", data[:8])
    found = read.FromString(data[12 : 12 + length]).features.feature
    assert found["image/object/class/text"].bytes_list.value == [b"big dog"]
    assert found["image/object/class/label"].int64_list.value == [2]
    assert found["image/object/bbox/xmax"].float_list.value == [0.5]
    assert found["image/encoded"].bytes_list.value[0].startswith(b"\xff\xd8")
