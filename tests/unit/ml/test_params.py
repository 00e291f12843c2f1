from dataclasses import asdict, fields

import pytest

from boxwright.domain.errors import Invalid
from boxwright.ml.training.params import TrainingParams, describe, plan
from boxwright.ml.training.presets import PRESETS
from boxwright.ml.training.schedule import rate


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
        ("image_size", 32, "use 64 or 96"),
        ("image_size", 10_000, "outside 0 to 2048"),
        ("precision", "fp8", "none of auto, fp32, bf16, fp16"),
        ("precision", [], "none of auto, fp32, bf16, fp16"),
        ("augment", "wild", "none of default, no_flips, aerial, small_objects, strong, none"),
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


def test_a_preset_sets_its_group_and_can_be_changed() -> None:
    assert get({"augment": "aerial"})["flip_y"] == 0.5
    assert get({"augment": "aerial", "flip_y": 0})["flip_y"] == 0.0
    whole = get({"augment": "strong", "rotate": 3})
    assert TrainingParams.from_json(whole) == TrainingParams.from_json({"augment": "strong", "rotate": 3})
    groups = {item.name: item.group for item in describe()}
    for preset in PRESETS.values():
        assert {groups[name] for name in preset.values} <= {"augmentation"}
        assert preset.help.endswith(".")
        TrainingParams(**preset.values)


def test_the_defaults_of_an_architecture_give_way_to_what_is_asked_for() -> None:
    base = {"lr": 0.0002, "mosaic": 0.5}
    assert TrainingParams.from_json({}, base).lr == 0.0002
    assert TrainingParams.from_json({"lr": 0.1}, base).lr == 0.1
    assert TrainingParams.from_json({"augment": "none"}, base).mosaic == 0.0


def get(value: dict[str, object]) -> dict[str, object]:
    return asdict(TrainingParams.from_json(value))


SCHEDULES = ("cosine", "one_cycle", "flat", "flat_cosine")


@pytest.mark.parametrize("schedule", SCHEDULES)
@pytest.mark.parametrize("total", [1, 2, 7, 100])
def test_every_schedule_rises_and_never_rises_again(schedule: str, total: int) -> None:
    params = TrainingParams(lr=0.01, final_lr=0.1, schedule=schedule)  # type: ignore[arg-type]
    rates = [rate(step, total, params) for step in range(total)]
    peak = rates.index(max(rates))
    assert max(rates) == pytest.approx(0.01)
    assert rates[: peak + 1] == sorted(rates[: peak + 1])
    assert rates[peak:] == sorted(rates[peak:], reverse=True)
    assert min(rates) > 0


def test_schedules_end_and_turn_where_they_say() -> None:
    def rates(schedule: str) -> list[float]:
        params = TrainingParams(lr=0.01, final_lr=0.01, schedule=schedule)  # type: ignore[arg-type]
        return [rate(step, 100, params) for step in range(100)]

    cosine, cycle, flat, late = map(rates, SCHEDULES)
    assert [values.index(max(values)) for values in (cosine, cycle, late)] == [9, 29, 9]
    assert [values[-1] for values in (cosine, cycle, late)] == pytest.approx([1e-4] * 3)
    assert flat[9:] == [0.01] * 91
    assert late[9:50] == [0.01] * 41


def test_a_number_of_hundreds_of_digits_is_refused_like_any_other() -> None:
    with pytest.raises(Invalid) as caught:
        TrainingParams.from_json({"epochs": 10**400, "lr": float("nan")})
    assert caught.value.code == "hyper_invalid"
