"""What two states of a dataset have different: pictures and objects that came, went or changed."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from boxwright.domain.jsontext import decode
from boxwright.domain.manifest import ImageRecord, Labelled, ManifestHeader, read_header, record_from_line

_SHOWN = 200
Change = Literal["added", "removed", "changed"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Changes:
    """How many came, went and changed."""

    added: int = 0
    removed: int = 0
    changed: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class ClassChanges:
    """Objects of one class, by its name in the later state."""

    class_id: str
    name: str
    objects: Changes


@dataclass(frozen=True, kw_only=True, slots=True)
class ImageChanges:
    """An image that came, went or changed, and its objects. `split_before` and `split_after` where it moved."""

    id: str
    name: str
    change: Change
    objects: Changes
    split_before: str | None = None
    split_after: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class VersionDiff:
    """What is different in a later state of a dataset: `moved` images are in another split; the first images by name.

    An image is changed where its name, split, state, tags, metadata or objects are others; an object where its
    class, shape, attributes, order or group are.
    """

    images: Changes
    objects: Changes
    moved: int
    classes: tuple[ClassChanges, ...]
    examples: tuple[ImageChanges, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Restored:
    """What a restored version changed. `before_id` is the version that brings back what was; None where nothing was.

    `back` images came out of the trash or from the version itself, `trashed` ones went to the trash because it does not
    have them, `changed` ones got its split, state, tags, metadata and objects. `lost` images could not come
    back: their pixels were removed for good, or another image has their name.
    """

    before_id: str | None
    back: int
    trashed: int
    changed: int
    lost: int


@dataclass(frozen=True, slots=True)
class Pair:
    """A picture in both states; None where one does not have it. Classes are those of its own state."""

    before: ImageRecord | None
    after: ImageRecord | None


class Comparison:
    """Two manifests side by side. Of the earlier one only places in the file are held, not the records."""

    def __init__(self, before: Path, after: Path) -> None:
        self._before, self._after = before, after
        self.headers: tuple[ManifestHeader, ManifestHeader] = read_header(before), read_header(after)
        self._alike = [c.id for c in self.headers[0].classes] == [c.id for c in self.headers[1].classes]

    def pairs(self) -> Iterator[Pair]:
        """Yield the pictures that are not the same in both, those of the later state first."""
        places = dict(_places(self._before))
        with self._before.open("rb") as earlier, self._after.open("rb") as later:
            next(later)
            for line in later:
                after = record_from_line(line)
                place = places.pop(after.id, None)
                if place is None:
                    yield Pair(None, after)
                    continue
                earlier.seek(place)
                old = earlier.readline()
                if self._alike and old == line:
                    continue
                pair = Pair(record_from_line(old), after)
                if not self._same(pair):
                    yield pair
            for place in places.values():
                earlier.seek(place)
                yield Pair(record_from_line(earlier.readline()), None)

    def _same(self, pair: Pair) -> bool:
        assert pair.before is not None
        assert pair.after is not None
        plain = [replace(record, annotations=(), path=None) for record in (pair.before, pair.after)]
        if not all(header.with_metadata for header in self.headers):  # one of them does not know
            plain = [replace(record, metadata={}) for record in plain]
        return plain[0] == plain[1] and self.objects(pair) == Changes()

    def objects(self, pair: Pair) -> Changes:
        """Count the objects of a picture that came, went and changed."""
        return _sum(self.by_class(pair).values())

    def by_class(self, pair: Pair) -> dict[str, Changes]:
        """Count them by class id; a changed object counts for the class that it has afterwards."""
        old, new = (
            _by_id(record, header) for record, header in zip((pair.before, pair.after), self.headers, strict=True)
        )
        counts: dict[str, Counter[str]] = {}
        for key in old.keys() | new.keys():
            before, after = old.get(key), new.get(key)
            if before == after:
                continue
            class_id = (after or before or ("",))[0]
            kind = "added" if before is None else "removed" if after is None else "changed"
            counts.setdefault(class_id, Counter())[kind] += 1
        return {class_id: Changes(**found) for class_id, found in counts.items()}


def compared(before: Path, after: Path) -> VersionDiff:
    """Return what is different in the manifest `after`."""
    comparison = Comparison(before, after)
    names = {item.id: item.name for header in comparison.headers for item in header.classes}
    images, moved, examples = Counter[str](), 0, list[ImageChanges]()
    classes: dict[str, list[Changes]] = {}
    for pair in comparison.pairs():
        by_class = comparison.by_class(pair)
        for class_id, found in by_class.items():
            classes.setdefault(class_id, []).append(found)
        told = _told(pair, _sum(by_class.values()))
        images[told.change] += 1
        moved += told.split_before is not None
        if len(examples) < _SHOWN:
            examples.append(told)
    sums = {class_id: _sum(found) for class_id, found in classes.items()}
    return VersionDiff(
        images=Changes(**images),
        objects=_sum(sums.values()),
        moved=moved,
        classes=tuple(ClassChanges(class_id=key, name=names[key], objects=sums[key]) for key in names if key in sums),
        examples=tuple(sorted(examples, key=lambda one: one.name)),
    )


def _told(pair: Pair, objects: Changes) -> ImageChanges:
    record = pair.after or pair.before
    assert record is not None
    change: Change = "added" if pair.before is None else "removed" if pair.after is None else "changed"
    splits: dict[str, str] = {}
    if pair.before is not None and pair.after is not None and pair.before.split != pair.after.split:
        splits = {"split_before": pair.before.split, "split_after": pair.after.split}
    return ImageChanges(id=record.id, name=record.name, change=change, objects=objects, **splits)


def _places(path: Path) -> Iterator[tuple[str, int]]:
    """Yield the id of each picture of a manifest, and where its line begins."""
    with path.open("rb") as lines:
        place = len(next(lines))
        for line in lines:
            yield decode(line)["id"], place
            place += len(line)


def _by_id(record: ImageRecord | None, header: ManifestHeader) -> dict[str, tuple[str, Labelled]]:
    if record is None:
        return {}
    return {item.id: (header.classes[item.class_index].id, replace(item, class_index=0)) for item in record.annotations}


def _sum(found: Iterable[Changes]) -> Changes:
    items = list(found)
    return Changes(
        added=sum(one.added for one in items),
        removed=sum(one.removed for one in items),
        changed=sum(one.changed for one in items),
    )
