import json
import re
from pathlib import Path

import pytest

import boxwright
from boxwright.api.errors import STATUS, problem
from boxwright.client.problems import error_of
from boxwright.domain import errors


@pytest.mark.parametrize("kind", [kind for kind, _ in STATUS], ids=lambda kind: kind.__name__)
def test_errors_survive_the_wire(kind: type[errors.BoxwrightError]) -> None:
    sent = kind("what is wrong", detail={"current": {"revision": 3}})
    answer = problem(dict(STATUS)[kind], sent.code, sent.message, sent.detail)
    got = error_of(answer.status_code, bytes(answer.body))
    assert type(got) is kind
    assert (got.code, got.message, got.detail) == (sent.code, sent.message, sent.detail)


def test_special_codes_keep_their_status_class() -> None:
    got = error_of(409, json.dumps({"title": "taken", "code": "name_taken"}).encode())
    assert isinstance(got, errors.Conflict)
    assert got.code == "name_taken"


def test_a_picture_of_too_many_tiles_is_a_fault_of_the_picture() -> None:
    assert isinstance(error_of(422, b'{"code": "too_many_tiles"}'), errors.InvalidImage)


@pytest.mark.parametrize("body", [b"", b"<html>", b"[1]", b'{"detail": "x"}'])
def test_answers_of_something_else_are_told_apart(body: bytes) -> None:
    got = error_of(502, body)
    assert isinstance(got, errors.Unavailable)
    assert "502" in got.message


def test_every_reason_against_a_model_comes_back_as_one() -> None:
    folder = Path(boxwright.__file__).parent
    files = [*(folder / "ml" / "adapters").rglob("*.py"), *(folder / "services").glob("model_*.py")]
    codes = {code for file in files for code in re.findall(r'code="(\w+)"', file.read_text())}
    codes |= set(re.findall(r'code="(\w+)"', (folder / "domain" / "decoders.py").read_text()))
    assert len(codes) > 5
    # What is no fault of the file.
    for code in codes - {"model_trained", "too_many_tiles"}:
        assert isinstance(error_of(422, json.dumps({"code": code}).encode()), errors.InvalidModel), code
