"""A part of a dataset: some splits, states and classes; read again and again like the whole."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from boxwright.domain.manifest import ImageRecord, ManifestHeader
from boxwright.domain.requests import Selection


@dataclass(frozen=True, slots=True)
class Selected:
    """The records of a dataset that a selection takes.

    Where classes are chosen, only their annotations stay, and only the pictures that have one.
    """

    records: Iterable[ImageRecord]
    selection: Selection
    ranks: Sequence[int | None]

    def __iter__(self) -> Iterator[ImageRecord]:
        for record in whole_records(self.records, self.selection):
            if not self.selection.class_ids:
                yield record
            elif kept := self._classes(record):
                yield kept

    @property
    def heads(self) -> Iterable[ImageRecord]:
        """The same pictures without annotations, where these are not needed to choose."""
        if self.selection.class_ids:
            return self
        return Selected(getattr(self.records, "heads", self.records), self.selection, self.ranks)

    def _classes(self, record: ImageRecord) -> ImageRecord | None:
        ranks = ((item, self.ranks[item.class_index]) for item in record.annotations)
        kept = tuple(replace(item, class_index=rank) for item, rank in ranks if rank is not None)
        return replace(record, annotations=kept) if kept else None


def whole_records(records: Iterable[ImageRecord], selection: Selection) -> Iterator[ImageRecord]:
    """Yield the records of the chosen splits and states, as they are."""
    splits, states = selection.splits, selection.states
    for record in records:
        if (not splits or record.split in splits) and (not states or record.state in states):
            yield record


def selection_of(params: Mapping[str, object]) -> Selection:
    """Return what a job's params choose."""
    given = params.get("selection")
    if not isinstance(given, Mapping):
        return Selection()
    return Selection(**{str(name): tuple(values) for name, values in given.items()})


def select(
    header: ManifestHeader, records: Iterable[ImageRecord], selection: Selection
) -> tuple[ManifestHeader, Iterable[ImageRecord]]:
    """Return header and records of a part; the whole where nothing is chosen. A part has no content hash."""
    if not selection.narrows:
        return header, records
    chosen = selection.class_ids
    kept = [item for item in header.classes if not chosen or item.id in chosen]
    places = {item.id: rank for rank, item in enumerate(kept)}
    ranks = [places.get(item.id) for item in header.classes]
    part = replace(header, classes=tuple(kept), content_hash=None)
    return part, Selected(records, selection, ranks)
