"""Headers: formats, sizes, orientation, and what is refused before a pixel is decoded."""

import io
import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image

from boxwright.domain.errors import InvalidImage
from boxwright.media import info as info_module
from boxwright.media import probe


def code_of(source: Path | bytes) -> str:
    with pytest.raises(InvalidImage) as caught:
        probe(source)
    assert "\n" not in caught.value.message
    return caught.value.code


def png_header(width: int, height: int) -> bytes:
    body = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunk = struct.pack(">I", 13) + body + struct.pack(">I", zlib.crc32(body))
    return b"\x89PNG\r\n\x1a\n" + chunk + b"\x00\x00\x00\x00IEND\xaeB`\x82"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "BMP", "TIFF", "GIF", "AVIF"])
def test_every_format_is_known_by_its_bytes(kind, encode, tmp_path):
    path = tmp_path / "lying.txt"
    path.write_bytes(encode(kind))
    for source in (path, path.read_bytes()):
        info = probe(source)
        assert (info.format, info.width, info.height, info.orientation) == (kind.lower(), 60, 40, 1)
        assert info.mime == f"image/{kind.lower()}"
        assert not info.animated


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF"])
@pytest.mark.parametrize("orientation", range(10))
def test_orientation_and_invalid_values(kind, orientation, encode):
    info = probe(encode(kind, orientation=orientation))
    expected = orientation if 1 <= orientation <= 8 else 1
    assert info.orientation == expected
    assert (info.width, info.height) == (60, 40)
    assert (info.upright_width, info.upright_height) == ((40, 60) if expected >= 5 else (60, 40))


def test_empty_file(tmp_path):
    path = tmp_path / "a.jpg"
    path.write_bytes(b"")
    assert code_of(path) == "image_empty"
    assert code_of(b"") == "image_empty"


def test_missing_file(tmp_path):
    assert code_of(tmp_path / "gone.jpg") == "image_unreadable"


@pytest.mark.parametrize(
    "data",
    [
        b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        b'\xef\xbb\xbf<?xml version="1.0"?><svg/>',
        b"%PDF-1.7 ...",
        b"PK\x03\x04 a zip",
        b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic",
    ],
)
def test_documents_and_heic_are_refused(data):
    assert code_of(data) == "image_format"


@pytest.mark.parametrize("data", [b"hello, I am a picture", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF89a", b"BM12"])
def test_broken_starts(data):
    assert code_of(data) == "image_unreadable"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF"])
def test_no_cut_of_a_file_crashes(kind, encode):
    data = encode(kind)
    for length in range(0, len(data), 7):
        try:
            probe(data[:length])
        except InvalidImage:
            continue


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_truncated_pictures_are_found_by_their_missing_end(kind, encode):
    data = encode(kind)
    assert code_of(data[: len(data) // 2]) == "image_unreadable"


def test_jpeg_without_end_mark_but_complete_is_taken(encode):
    data = encode("JPEG")
    assert data.endswith(b"\xff\xd9")
    assert probe(data[:-2] + b"\x00" * 10).width == 60


@pytest.mark.parametrize("size", [(100_000, 1), (1, 65_536), (30_000, 30_000)])
def test_pixel_bombs_are_refused_from_the_header(size, monkeypatch):
    def no_decoding(*_: object) -> None:
        raise AssertionError("pixels were decoded")

    monkeypatch.setattr(Image.Image, "load", no_decoding)
    assert code_of(png_header(*size)) == "image_too_large"


def test_limits_hold_exactly(monkeypatch, encode):
    monkeypatch.setattr(info_module, "MAX_PIXELS", 60 * 40)
    assert probe(encode("PNG")).width == 60
    monkeypatch.setattr(info_module, "MAX_PIXELS", 60 * 40 - 1)
    assert code_of(encode("PNG")) == "image_too_large"


@pytest.mark.parametrize("kind", ["GIF", "PNG", "WEBP"])
def test_animations_are_marked(kind):
    frames = [Image.new("RGB", (8, 6), color) for color in ("red", "blue")]
    out = io.BytesIO()
    frames[0].save(out, kind, save_all=True, append_images=frames[1:])
    assert probe(out.getvalue()).animated


def test_polyglot_is_what_its_first_bytes_are(encode):
    polyglot = encode("JPEG") + b"PK\x03\x04<script>alert(1)</script>%PDF-1.4"
    assert probe(polyglot).format == "jpeg"
    assert code_of(b"%PDF-1.4\n" + encode("JPEG")) == "image_format"


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_broken_exif_counts_as_upright(encode):
    data = bytearray(encode("JPEG", orientation=6))
    at = data.index(b"Exif\x00\x00") + 6
    data[at : at + 12] = b"\xff" * 12
    assert probe(bytes(data)).orientation == 1


def test_probe_loads_neither_opencv_nor_libvips():
    import subprocess
    import sys

    program = "import sys, boxwright.media; print([m for m in ('cv2', 'pyvips', 'torch') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
