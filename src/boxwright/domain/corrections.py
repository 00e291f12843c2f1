"""What a person says against a model card, applied to it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any, Literal

from boxwright.domain.cards import card_from_json, card_to_json
from boxwright.domain.decoders import full_options
from boxwright.domain.errors import Invalid
from boxwright.domain.models import ClassSamples, ModelCard, Placement
from boxwright.domain.projects import CLASS_COLORS

# Characters of a list of classes that the audit log keeps.
_LONG = 200
_APART = ("decoder", "input", "classes", "thresholds")


@dataclass(frozen=True, kw_only=True, slots=True)
class InputChanges:
    """What to feed otherwise; None leaves a field as it is."""

    width: int | None = None
    height: int | None = None
    channels: Literal["rgb", "bgr"] | None = None
    placement: Placement | None = None
    pad: int | None = None
    mean: tuple[float, float, float] | None = None
    std: tuple[float, float, float] | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class CardChanges:
    """Corrections of a model card; None leaves a field as it is. `classes` are names in the network's order.

    `thresholds` are the operating scores by class name, all of them: a class that is not named has none any more, and
    is held to `score_threshold`.
    """

    name: str | None = None
    decoder: str | None = None
    options: Mapping[str, str] | None = None
    input: InputChanges = field(default_factory=InputChanges)
    classes: tuple[str, ...] | None = None
    score_threshold: float | None = None
    iou_threshold: float | None = None
    licence: str | None = None
    thresholds: Mapping[str, float] | None = None


def corrected(card: ModelCard, changes: CardChanges) -> ModelCard:
    """Return the card with these changes; a class that keeps its name keeps all else. Raises InvalidModel.

    Another decoder needs other outputs, which only a look at the file can find: this changes what it is told, no more.
    """
    if card.task == "assist" and (set(given(changes)) - {"name", "licence", "input"} or given(changes.input)):
        message = "networks for outlines by clicks are fed and read in one way; only name and licence can be changed"
        raise Invalid(message, code="model_assists")
    known = {name: value for name, value in given(changes).items() if name not in _APART}
    options = {**card.options, **(changes.options or {})}
    found = replace(
        card,
        **{**known, "options": options if card.task == "assist" else full_options(card.decoder, options)},
        input=replace(card.input, **given(changes.input)),
        classes=card.classes if changes.classes is None else named(changes.classes, card.classes),
    )
    if changes.thresholds is not None:
        found = replace(found, classes=_held(found.classes, changes.thresholds))
    return card_from_json(card_to_json(found))


def _held(classes: Sequence[ClassSamples], thresholds: Mapping[str, float]) -> tuple[ClassSamples, ...]:
    unknown = sorted(set(thresholds) - {item.name for item in classes})
    if unknown:
        raise Invalid(f"the model has no class {unknown[0][:60]!r}", code="class_unknown")
    return tuple(replace(item, threshold=thresholds.get(item.name)) for item in classes)


def touches_reading(changes: CardChanges) -> bool:
    """Tell whether the changes concern how the model is fed and read, not only its name and thresholds."""
    return bool({"decoder", "options", "classes"} & set(given(changes))) or bool(given(changes.input))


def differences(before: ModelCard, after: ModelCard) -> dict[str, str]:
    """Return what the second card says otherwise, as `old → new` by field, for people."""
    old, new = _told(before), _told(after)
    return {
        key: f"{old.get(key, 'none')} → {new.get(key, 'none')}"
        for key in dict.fromkeys((*new, *old))
        if old.get(key) != new.get(key)
    }


def _told(card: ModelCard) -> dict[str, str]:
    plain = {name: str(getattr(card, name)) for name in ("decoder", "score_threshold", "iou_threshold", "licence")}
    options = {f"option.{name}": value for name, value in card.options.items()}
    source = {item.name: getattr(card.input, item.name) for item in fields(card.input)}
    fed = {
        f"input.{name}": ", ".join(f"{part:g}" for part in value) if isinstance(value, tuple) else str(value)
        for name, value in source.items()
    }
    names = ", ".join(item.name for item in card.classes)
    held = {f"threshold.{item.name}": f"{item.threshold:g}" for item in card.classes if item.threshold is not None}
    return {**plain, **options, **fed, **held, "classes": names if len(names) <= _LONG else f"{names[:_LONG]}…"}


def given(changes: CardChanges | InputChanges) -> dict[str, Any]:
    """Return the fields that are not None."""
    values = {item.name: getattr(changes, item.name) for item in fields(changes)}
    return {name: value for name, value in values.items() if value is not None}


def named(names: Sequence[str], known: Sequence[ClassSamples] = ()) -> tuple[ClassSamples, ...]:
    """Return classes with these names in this order; those that are known stay what they are, others belong nowhere."""
    by_name = {item.name: item for item in known}
    return tuple(
        by_name.get(text)
        or ClassSamples(id=str(number), name=text, color=CLASS_COLORS[number % len(CLASS_COLORS)], train=0, val=0)
        for number, text in enumerate(names)
    )


def changes_to_json(changes: CardChanges) -> dict[str, object]:
    """Return the changes as a JSON object without what stays."""
    return {**given(changes), "input": given(changes.input)}


def changes_from_json(value: Mapping[str, Any]) -> CardChanges:
    """Read what `changes_to_json` wrote."""
    source: dict[str, Any] = {
        name: tuple(item) if isinstance(item, list) else item for name, item in value["input"].items()
    }
    classes = value.get("classes")
    rest = {name: item for name, item in value.items() if name not in ("input", "classes")}
    return CardChanges(
        **rest, input=InputChanges(**source), classes=None if classes is None else tuple(map(str, classes))
    )
