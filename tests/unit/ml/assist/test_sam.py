from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from boxwright.domain.assist import Prompt
from boxwright.domain.errors import InvalidModel
from boxwright.ml.assist.sam import Sam
from sam_onnx import RADIUS, decoder, encoder
from tiny_onnx import write_tiny_onnx

RGB = np.zeros((256, 512, 3), np.uint8)  # half a pixel of the square across, a quarter down


def both(folder: Path) -> tuple[Path, Path]:
    return folder / "encoder.onnx", folder / "decoder.onnx"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("assist")
    encoder(made / "encoder.onnx")
    decoder(made / "decoder.onnx")
    return made


def test_the_surest_mask_lies_where_the_clicks_are(folder: Path) -> None:
    sam = Sam(both(folder), memory=2 << 30)
    embedding = sam.encode(RGB)
    across, down = RADIUS / 1024 * 512, RADIUS / 1024 * 256
    for prompt, (x, y) in {
        "click": (Prompt(inside=[(200.0, 128.0)]), (200, 128)),
        "clicks": (Prompt(inside=[(200.0, 128.0), (240.0, 128.0)], outside=[(9.0, 9.0)]), (220, 128)),
        "box": (Prompt(box=(150, 100, 250, 156)), (200, 128)),
    }.values():
        found = sam.decode(embedding, prompt)
        assert found is not None
        wanted = (x - across, y - down, x + across, y + down)
        assert np.allclose(found.bounds, wanted, atol=1.5)


def test_an_embedding_is_of_bounded_size(folder: Path) -> None:
    features = Sam(both(folder)).encode(RGB).features
    assert sum(values.nbytes for values in features.values()) == 16 << 20


def test_which_is_which_is_told_by_what_they_take(folder: Path) -> None:
    sam = Sam(both(folder)[::-1])
    assert sam.encoder == folder / "encoder.onnx"
    assert sam.decode(sam.encode(RGB), Prompt(inside=[(200.0, 128.0)])) is not None


def test_files_that_are_something_else_are_refused_in_words(folder: Path, tmp_path: Path) -> None:
    first, second = both(folder)
    foreign = write_tiny_onnx(tmp_path / "tiny.onnx")
    for files, words in [
        (both(tmp_path), r"encoder\.onnx cannot be read"),
        ((second, second), "both files are decoders of SAM; its encoder is missing"),
        ((first, first), "no encoder and decoder of SAM 2.1 or EdgeTAM: they take image .*, and neither takes clicks"),
        ((foreign, foreign), "neither takes clicks"),
        ((foreign, second), "the decoder takes image_embed .*, which does not fit the encoder|the encoder takes"),
    ]:
        with pytest.raises(InvalidModel, match=words):
            Sam(files)
    (tmp_path / "encoder.onnx").write_bytes(b"nonsense")
    with pytest.raises(InvalidModel):
        Sam((tmp_path / "encoder.onnx", second))
