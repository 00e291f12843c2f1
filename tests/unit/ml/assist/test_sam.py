from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from boxwright.domain.assist import Prompt
from boxwright.domain.errors import InvalidModel
from boxwright.ml.assist.sam import Sam
from sam_onnx import RADIUS, decoder, encoder

RGB = np.zeros((256, 512, 3), np.uint8)  # half a pixel of the square across, a quarter down


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("assist")
    encoder(made / "encoder.onnx")
    decoder(made / "decoder.onnx")
    return made


def test_the_surest_mask_lies_where_the_clicks_are(folder: Path) -> None:
    sam = Sam(folder, memory=2 << 30)
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
    features = Sam(folder).encode(RGB).features
    assert sum(values.nbytes for values in features.values()) == 16 << 20


def test_files_that_are_something_else_are_refused_in_words(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(InvalidModel, match=r"encoder\.onnx cannot be read"):
        Sam(tmp_path)
    for name, source, words in [
        ("encoder.onnx", "decoder.onnx", "encoder.onnx: takes"),
        ("decoder.onnx", "encoder.onnx", "decoder.onnx: takes"),
    ]:
        (tmp_path / "encoder.onnx").write_bytes((folder / "encoder.onnx").read_bytes())
        (tmp_path / "decoder.onnx").write_bytes((folder / "decoder.onnx").read_bytes())
        (tmp_path / name).write_bytes((folder / source).read_bytes())
        with pytest.raises(InvalidModel, match=words):
            Sam(tmp_path)
    (tmp_path / "encoder.onnx").write_bytes(b"nonsense")
    with pytest.raises(InvalidModel):
        Sam(tmp_path)
