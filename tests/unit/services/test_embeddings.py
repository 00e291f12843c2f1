from __future__ import annotations

import time
from pathlib import Path

import numpy as np

from boxwright.domain.assist import Prompt
from boxwright.domain.errors import NotFound
from boxwright.services.embeddings import Embeddings, Folder
from sam_onnx import decoder, encoder

RGB = np.zeros((64, 64, 3), np.uint8)
CLICK = Prompt(inside=[(32.0, 32.0)])


def ready(embeddings: Embeddings, key: str) -> bool:
    until = time.monotonic() + 60
    while not embeddings.prepare(key, lambda: RGB):
        assert time.monotonic() < until
        time.sleep(0.02)
    return True


def test_without_files_nothing_is_encoded(tmp_path: Path) -> None:
    embeddings = Embeddings(Folder(tmp_path / "assist"))
    assert embeddings.assistant().network == "none"
    assert not embeddings.prepare("a", lambda: RGB)
    assert embeddings.decode("a", CLICK) == (False, None)


def test_pictures_are_encoded_once_and_the_last_ones_kept(tmp_path: Path) -> None:
    embeddings = Embeddings(Folder(tmp_path))
    encoder(tmp_path / "encoder.onnx")
    decoder(tmp_path / "decoder.onnx")
    assert embeddings.assistant().network == "ready"
    for key in "abcdefghij":
        assert ready(embeddings, key)
    assert embeddings.decode("a", CLICK) == (False, None)  # eight are kept
    by_network, outline = embeddings.decode("j", CLICK)
    assert by_network
    assert outline is not None


def test_files_that_cannot_be_used_are_told_and_colours_go_on(tmp_path: Path) -> None:
    (tmp_path / "encoder.onnx").write_bytes(b"nonsense")
    (tmp_path / "decoder.onnx").write_bytes(b"nonsense")
    embeddings = Embeddings(Folder(tmp_path))
    assert embeddings.assistant().network == "broken"
    assert embeddings.assistant().message
    embeddings.prepare("a", lambda: RGB)
    assert embeddings.decode("a", CLICK) == (False, None)


def test_a_store_that_is_away_is_asked_again(tmp_path: Path) -> None:
    encoder(tmp_path / "encoder.onnx")
    decoder(tmp_path / "decoder.onnx")
    away = [True]

    class Store(Folder):
        def stamp(self) -> str:
            return "the same"

        def files(self) -> tuple[Path, Path]:
            if away[0]:
                raise NotFound("the file is not in the store")
            return super().files()

    embeddings = Embeddings(Store(tmp_path))
    assert embeddings.assistant().message == "the file is not in the store"
    away[0] = False
    assert embeddings.assistant().network == "ready"
