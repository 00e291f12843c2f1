from dataclasses import asdict, fields

import pytest

from boxwright.domain.errors import Invalid
from boxwright.ml.training.params import TrainingParams, describe, plan
from boxwright.ml.training.schedule import one_cycle


def test_defaults_are_within_their_own_limits_and_survive_json() -> None:
    params = TrainingParams()
    assert TrainingParams.from_json(asdict(params)) == params
    assert TrainingParams.from_json({}) == params


def test_everything_is_described() -> None:
    table = describe()
    assert [item.name for item in table] == [item.name for item in fields(TrainingParams)]
    for item in table:
        assert item.help.endswith(".")
        assert bool(item.options) == (item.type == "choice") == (item.min is None) == (item.max is None)


def test_whole_floats_are_whole_numbers() -> None:
    got = TrainingParams.from_json({"epochs": 3.0, "lr": 1})
    assert (got.epochs, got.lr) == (3, 1.0)
    assert isinstance(got.epochs, int)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("epochs", -1, "outside 0 to 10000"),
        ("epochs", 1.5, "not a whole number"),
        ("epochs", True, "not a whole number"),
        ("lr", float("nan"), "not a number"),
        ("lr", "fast", "not a number"),
        ("lr", None, "not a number"),
        ("image_size", 100, "use 96 or 128"),
        ("image_size", 10_000, "outside 64 to 2048"),
        ("precision", "fp8", "none of auto, fp32, bf16"),
        ("precision", [], "none of auto, fp32, bf16"),
        ("optimiser", "sgd", "no such parameter"),
    ],
)
def test_a_wrong_field_is_named(name: str, value: object, words: str) -> None:
    with pytest.raises(Invalid) as caught:
        TrainingParams.from_json({name: value})
    assert caught.value.code == "hyper_invalid"
    assert caught.value.message.startswith(f"{name}: ")
    assert words in caught.value.message
    assert "\n" not in caught.value.message


def test_every_wrong_field_is_named() -> None:
    with pytest.raises(Invalid) as caught:
        TrainingParams.from_json({"epochs": -1, "lr": "x", "nothing": 1, "seed": 3})
    assert [part.partition(":")[0] for part in caught.value.message.split("; ")] == ["epochs", "lr", "nothing"]
    assert len(caught.value.detail["fields"]) == 3
    assert "\n" not in caught.value.message


@pytest.mark.parametrize("images", [1, 20, 205, 5000, 100_000])
def test_a_plan_sees_every_image_each_epoch(images: int) -> None:
    got = plan(TrainingParams(), images)
    assert got.steps * got.batch >= images
    assert 10 <= got.epochs <= 30
    assert got.iterations == got.epochs * got.steps
    assert plan(TrainingParams(epochs=7, batch=3), images).epochs == 7


def test_one_cycle_rises_then_falls() -> None:
    rates = [one_cycle(step, 100, 0.01, 0.1, 0.01) for step in range(100)]
    assert rates[9] == max(rates) == pytest.approx(0.01)
    assert rates[:10] == sorted(rates[:10])
    assert rates[9:] == sorted(rates[9:], reverse=True)
    assert rates[-1] == pytest.approx(0.0001)
    assert one_cycle(0, 1, 0.01, 0.0, 0.1) == pytest.approx(0.01)


def test_a_number_of_hundreds_of_digits_is_refused_like_any_other() -> None:
    with pytest.raises(Invalid) as caught:
        TrainingParams.from_json({"epochs": 10**400, "lr": float("nan")})
    assert caught.value.code == "hyper_invalid"
