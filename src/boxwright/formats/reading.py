"""What every reader shares: pictures checked once, classes in order, annotations placed and reported."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from boxwright.domain.annotations import Attributes
from boxwright.domain.errors import Invalid, InvalidImage
from boxwright.domain.exchange import Frame
from boxwright.domain.geometry import Box
from boxwright.domain.manifest import ImageRecord, Labelled, Written, labelled_line
from boxwright.domain.projects import SPLITS, ImageState, Split
from boxwright.formats.paths import folded, split_of_folder
from boxwright.formats.problems import Problems, Where
from boxwright.formats.shapes import RawShape, place, turn_geometry
from boxwright.formats.source import Ambiguous, Source
from boxwright.media import ImageInfo, probe

_LARGE = 1 << 31


@dataclass(frozen=True, kw_only=True, slots=True)
class Picture:
    """A picture of the dataset. `source` is its name there (None: its file is absent), `name` its name from now on."""

    name: str
    source: str | None
    width: int
    height: int
    orientation: int = 1

    @property
    def upright(self) -> tuple[int, int]:
        """Width and height as a person sees it; `width` and `height` are as stored."""
        return (self.height, self.width) if self.orientation >= 5 else (self.width, self.height)

    @property
    def turned(self) -> bool:
        """Tell whether EXIF turns or mirrors it."""
        return self.orientation != 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Raw:
    """An annotation as the file has it."""

    class_name: str
    shape: RawShape
    where: Where
    crowd: bool = False
    score: float | None = None
    external_id: str | None = None
    attributes: Attributes = field(default_factory=dict)
    z: int = 0
    group_id: str | None = None
    proposal: bool = False
    fallback: RawShape | None = None  # used where nothing is left of `shape`


def _said(raw: Raw) -> dict[str, Any]:
    """What an annotation says beside class and geometry."""
    return {
        "crowd": raw.crowd,
        "score": raw.score,
        "external_id": raw.external_id,
        "attributes": raw.attributes,
        "z": raw.z,
        "group_id": raw.group_id,
        "proposal": raw.proposal,
    }


def state_said(raws: Sequence[Raw], word: object) -> ImageState | None:
    """Return the state of a picture of which a format has only our own word that nobody has labelled it yet."""
    return "unlabeled" if not raws and word == "unlabeled" else None


class ClassTable:
    """Class names in the order in which a dataset brings them, with the dataset's own ids where it has some."""

    def __init__(self) -> None:
        self._index: dict[str, int] = {}
        self._ids: list[str] = []

    def index(self, name: str, external_id: str = "") -> int:
        """Return the index of a class, adding it at the end when it is new."""
        name = name.encode("utf-8", "replace").decode().strip() or "unnamed"
        if name not in self._index:
            self._index[name] = len(self._ids)
            self._ids.append(external_id)
        return self._index[name]

    @property
    def names(self) -> tuple[str, ...]:
        """All names in order."""
        return tuple(self._index)

    def items(self) -> Iterator[tuple[str, str]]:
        """Yield (name, the dataset's id or an empty string) in order."""
        return zip(self._index, self._ids, strict=True)


def words_of(found: Iterable[object]) -> tuple[str, ...]:
    """Return what of the found things can be tags of an image here, each once."""
    words = (" ".join(word.split())[:100] for word in found if isinstance(word, str))
    return tuple(dict.fromkeys(word for word in words if word and word.isprintable()))[:100]


class Reading:
    """One import: the source, what was found so far, and the few things a person chose.

    Args:
        source: the dataset's files.
        scratch: an empty folder for temporary files.
        frame: whether coordinates are of the stored ("raw") or the upright picture.
        default_split: split of pictures for which the dataset names none.
    """

    def __init__(
        self, source: Source, scratch: Path, *, frame: Frame = "upright", default_split: Split | None = None
    ) -> None:
        self.source, self.scratch, self.frame = source, scratch, frame
        self.default_split: Split = default_split or "none"
        self.problems = Problems()
        self.classes = ClassTable()
        self.used: set[str] = set()
        self._names: dict[str, str] = {}
        self._turned = self._embedded = 0
        self._spoken: set[str] = set()
        self.own_export = self.split_folders = self.predictions = False
        self.split_hint: Callable[[str], Split | None] = lambda _: None  # for pictures that `rest` yields

    def find(self, reference: str, where: Where, *, by_stem: bool = False) -> str | None:
        """Return the picture meant by `reference`; an ambiguous one is reported and counts as absent."""
        try:
            return self.source.find(reference, near=where.file, by_stem=by_stem)
        except Ambiguous as error:
            self.problems.add(where, "image_ambiguous", str(error))
            return None

    def split_of_folder(self, source_name: str) -> Split | None:
        """Return the split that a picture's folders name; in our own exports, which say it elsewhere, none."""
        if not self.own_export:
            return split_of_folder(source_name)
        first = source_name[len(self.source.wrapper) :].partition("/")[0] if self.split_folders else ""
        return next((split for split in SPLITS if split == first), None)

    def picture(self, source_name: str, *, wanted: str = "") -> Picture | None:
        """Check a picture's header; a broken one is reported once and gives None.

        Args:
            source_name: its name in the source.
            wanted: the name under which the dataset knows it; used when it is the end of the source's name.
        """
        info = self._probe(source_name)
        if info is None:
            return None
        name = self._claim(source_name, wanted)
        return Picture(
            name=name, source=source_name, width=info.width, height=info.height, orientation=info.orientation
        )

    def embedded(self, name: str, data: bytes) -> str:
        """Keep a picture that stood inside another file; returns its name in the source."""
        self._embedded += 1
        folder = self.scratch.parent / "files" / f"embedded{self._embedded // 1000}"
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{self._embedded:07d}"
        path.write_bytes(data)
        return self.source.add(name, path)

    def first_time(self, picture: Picture, where: Where) -> bool:
        """Tell whether no file has spoken of this picture before; a second time is reported."""
        if picture.name in self._spoken:
            self.problems.add(where, "image_twice", "the same picture stands in the files a second time")
            return False
        self._spoken.add(picture.name)
        return True

    def absent(self, name: str, width: float, height: float, where: Where) -> Picture | None:
        """Return a picture whose file is not here, by the size that the dataset gives; None where it gives none."""
        if not name or not (1 <= width < _LARGE and 1 <= height < _LARGE):
            message = f"its picture {name[:200]!r} is not among the files and has no size"
            self.problems.add(where, "image_missing", message)
            return None
        message = f"{name[:200]!r} is not among the files: used only where the project has a picture of this name"
        self.problems.add(where, "image_missing", message, "kept")
        return Picture(name=name, source=None, width=int(width), height=int(height))

    def _probe(self, source_name: str) -> ImageInfo | None:
        self.used.add(source_name)
        try:
            return probe(self.source.path(source_name))
        except InvalidImage as error:
            self.problems.add(Where(source_name), error.code, error.message)
            return None

    def _claim(self, source_name: str, wanted: str) -> str:
        """A name that no other picture of this import has."""
        full = source_name[len(self.source.wrapper) :]
        own = [wanted] if self.source.ending(wanted) == [source_name] else []
        for name in (*own, self.source.short.get(source_name, full), full, source_name):
            if self._names.setdefault(folded(name), source_name) == source_name:
                return name
        raise Invalid(f"{source_name}: no free name for this picture")

    def record(
        self,
        picture: Picture,
        raws: Sequence[Raw | bytes],
        *,
        split: Split | None,
        state: ImageState | None = None,
        external_id: str | None = None,
        tags: Sequence[str] = (),
        metadata: Mapping[str, str] | None = None,
    ) -> ImageRecord:
        """Return the record of a picture with its annotations placed in the upright frame.

        Those that are bytes are annotations of a manifest line already, and no proposals.
        """
        lines = [raw for raw in raws if isinstance(raw, bytes)]
        ready = bool(lines) and len(lines) == len(raws)
        labelled = Written(b",".join(lines)) if ready else self._placed(raws, picture)
        self._turned += bool(raws) and picture.orientation != 1
        width, height = picture.upright
        return ImageRecord(
            name=picture.name,
            width=width,
            height=height,
            annotations=labelled,
            split=split or self.default_split,
            state=state or ("labeled" if ready or any(not item.proposal for item in labelled) else "empty"),
            orientation=picture.orientation,
            path=picture.source,
            external_id=external_id,
            tags=words_of(tags),
            metadata=metadata or {},
        )

    def _placed(self, raws: Sequence[Raw | bytes], picture: Picture) -> Sequence[Labelled]:
        """Place annotations; where one is text already, all become that."""
        found = [(raw if isinstance(raw, bytes) else self._labelled(raw, picture)) for raw in raws]
        if any(isinstance(item, bytes) for item in found):
            lines = (item if isinstance(item, bytes) else labelled_line(item) for item in found if item)
            return Written(b",".join(lines))
        return tuple(item for item in found if isinstance(item, Labelled))

    def _labelled(self, raw: Raw, picture: Picture) -> Labelled | None:
        stored = self.frame == "raw"
        width, height = (picture.width, picture.height) if stored else picture.upright
        report = self.problems.at(raw.where)
        geometry = place(raw.shape, width, height, report)
        if geometry is None and raw.fallback:
            geometry = place(raw.fallback, width, height, report)
            if geometry:
                report("fallback_box", "its box is used instead", "kept")
        if geometry is None:
            return None
        if stored:
            geometry = turn_geometry(geometry, picture.orientation, picture.width, picture.height)
        if isinstance(geometry, Box):
            x0, y0, x1, y1 = geometry.bounds
            if x1 - x0 <= 1 or y1 - y0 <= 1:
                report("suspicious_size", f"box is only {x1 - x0:g} x {y1 - y0:g} pixels", "kept")
        return Labelled(class_index=self.classes.index(raw.class_name), geometry=geometry, **_said(raw))

    def check_size(self, picture: Picture, width: float, height: float, where: Where) -> None:
        """Report a size in the dataset that is not the picture's, and say so when it is that of the other frame."""
        stored = (picture.width, picture.height)
        mine, other = (stored, picture.upright) if self.frame == "raw" else (picture.upright, stored)
        if [width, height] == list(mine) or not (width > 0 and height > 0):
            return
        if [width, height] == list(other):
            choice = "upright" if self.frame == "raw" else "raw"
            message = f"coordinates seem to be of the {choice} picture: import again with frame {choice!r}"
            self.problems.add(where, "frame_mismatch", message, "kept")
        else:
            message = f"size {width:g} x {height:g} is written, the picture has {mine[0]} x {mine[1]}"
            self.problems.add(where, "size_mismatch", message, "kept")

    def rest(self, *, expected: bool) -> Iterator[ImageRecord]:
        """Yield the pictures that no annotation spoke of, as unlabelled; not `expected` ones are reported."""
        if self.source.masks:
            self.problems.note(f"{self.source.masks} pictures in folders of masks are not taken")
        if self._turned:
            text = f"{self._turned} annotated pictures are turned by EXIF: coordinates were read as {self.frame}"
            self.problems.note(text)
        for name in self.source.images:
            if name in self.used:
                continue
            picture = self.picture(name)
            if picture:
                if not expected:
                    message = "no annotations for this picture: unlabelled"
                    self.problems.add(Where(name), "image_unmatched", message, "kept")
                split = self.split_hint(name) or self.split_of_folder(name)
                yield self.record(picture, (), split=split, state="unlabeled")
