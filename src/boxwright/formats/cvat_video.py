"""CVAT for video 1.1: one XML file of tracks, with a shape for each frame in which an object is or leaves.

Written as CVAT does: shapes in between are there too, with `keyframe="0"`. Read are the key frames, and those in
between that lie elsewhere than between them. https://docs.cvat.ai/docs/manual/advanced/xml_format/
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from boxwright.domain.errors import Invalid
from boxwright.domain.exchange import Loss
from boxwright.domain.geometry import Geometry
from boxwright.domain.interpolation import seen_at
from boxwright.domain.tracks import KeyFrame, Track
from boxwright.domain.videos import Video
from boxwright.formats.cvat import SHAPES, typed
from boxwright.formats.cvat_write import kind_of, shape_text, value_text
from boxwright.formats.film import Film, FoundTrack, checked_keyframes, loss, near, said
from boxwright.formats.problems import Problems, Where
from boxwright.formats.shapes import RawShape, place
from boxwright.formats.source import Source
from boxwright.formats.values import Value, finite
from boxwright.formats.writing import xml_quoted, xml_text
from boxwright.formats.xmlfile import Node, stream_xml
from boxwright.media.zipstream import Entry

_LOOK = 20
_Z = 1_000_000
_Kinds = dict[tuple[str, str], str]


def losses(film: Film) -> list[Loss]:
    """Return what CVAT cannot hold of these tracks."""
    rings = sum(any(_parts(item.geometry) > 1 for item in track.keyframes) for track in film.tracks)
    empty = sum(
        any(value is None for attributes in said(track) for value in attributes.values()) for track in film.tracks
    )
    return [
        *loss("polygon_parts", "polygons of several parts become one ring joined by lines without width", rings),
        *loss("attribute_values", "attributes without a value are left out", empty),
    ]


def _parts(geometry: Geometry) -> int:
    return len(getattr(geometry, "rings", (0,)))


def entries(film: Film) -> Iterator[Entry]:
    """Yield the files of the export."""
    yield Entry("annotations.xml", _document(film))
    yield from film.pictures(lambda frame: f"images/frame_{frame:06d}.jpg")


def _document(film: Film) -> Iterator[bytes]:
    yield b'<?xml version="1.0" encoding="utf-8"?>\n<annotations>\n  <version>1.1</version>\n'
    yield _meta(film).encode()
    for number, track in enumerate(film.tracks):
        yield f'  <track id="{number}" label={xml_quoted(film.name_of(track))} source="manual">\n'.encode()
        own = {item.frame: item for item in track.keyframes}
        for frame in range(track.keyframes[0].frame, film.video.frames):
            yield _shape_at(track, frame, own.get(frame)).encode()
        yield b"  </track>\n"
    yield b"</annotations>\n"


def _meta(film: Film) -> str:
    video, kinds = film.video, _attribute_kinds(film)
    labels = "".join(_label(name, kinds.get(class_id, {})) for class_id, name in film.classes.items())
    size = f"<width>{video.width}</width><height>{video.height}</height>"
    return (
        f"  <meta>\n    <task>\n      <name>{xml_text(video.name)}</name>\n      <size>{video.frames}</size>\n"
        f"      <mode>interpolation</mode>\n      <start_frame>0</start_frame>\n"
        f"      <stop_frame>{video.frames - 1}</stop_frame>\n      <frame_filter></frame_filter>\n"
        f"      <labels>\n{labels}      </labels>\n      <original_size>{size}</original_size>\n    </task>\n"
        "  </meta>\n"
    )


def _attribute_kinds(film: Film) -> dict[str, dict[str, tuple[str, bool]]]:
    """The kind of each attribute by class and name, and whether it changes from frame to frame."""
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    mutable: set[tuple[str, str]] = set()
    for track in film.tracks:
        mutable |= {(track.class_id, key) for item in track.keyframes for key in item.attributes}
        for attributes in said(track):
            for key, value in attributes.items():
                if value is not None:
                    found[track.class_id][key].add(kind_of(value))
    return {
        class_id: {
            key: (next(iter(kinds)) if len(kinds) == 1 else "text", (class_id, key) in mutable)
            for key, kinds in names.items()
        }
        for class_id, names in found.items()
    }


def _label(name: str, attributes: Mapping[str, tuple[str, bool]]) -> str:
    inner = "".join(
        f"<attribute><name>{xml_text(key)}</name><mutable>{changes}</mutable><input_type>{kind}</input_type>"
        "<default_value></default_value><values></values></attribute>"
        for key, (kind, changes) in attributes.items()
    )
    return f"        <label><name>{xml_text(name)}</name><attributes>{inner}</attributes></label>\n"


def _shape_at(track: Track, frame: int, own: KeyFrame | None) -> str:
    """The element of a frame, whose key frame is `own`; nothing while the object stays outside."""
    seen = own or seen_at(track, frame)
    if seen is None:
        return ""
    tag, shape = shape_text(seen.geometry)
    outside = own is not None and own.outside
    flags = f'keyframe="{int(own is not None)}" outside="{int(outside)}" occluded="{int(seen.occluded)}"'
    inner = "".join(
        f"      <attribute name={xml_quoted(key)}>{xml_text(value_text(value))}</attribute>\n"
        for key, value in {**track.attributes, **seen.attributes}.items()
        if value is not None
    )
    return f'    <{tag} frame="{frame}" {flags} {shape} z_order="{track.z}">\n{inner}    </{tag}>\n'


def detect(source: Source) -> bool:
    """Tell whether one of the first XML files has CVAT's root."""
    return any(_is_cvat(source, name) for name in source.files(".xml")[:_LOOK])


def _is_cvat(source: Source, name: str) -> bool:
    try:
        return next((node.tag for node in stream_xml(source.path(name), name)), "") == "annotations"
    except Invalid:
        return False


def read(source: Source, video: Video, problems: Problems) -> Iterator[FoundTrack]:
    """Yield the tracks of all XML files. Raises InvalidDataset for XML that is broken or unsafe."""
    for name in source.files(".xml"):
        kinds: _Kinds = {}
        for node in stream_xml(source.path(name), name):
            if node.tag == "meta":
                kinds.update(_meta_of(node, video, problems, Where(name, node.line)))
            elif node.tag == "track" and (found := _track(node, video, kinds, problems, name)):
                yield found
            elif node.tag == "image":
                problems.add(Where(name, node.line), "image_left", "is an image, not a track; import it as CVAT images")


def _meta_of(meta: Node, video: Video, problems: Problems, where: Where) -> _Kinds:
    kinds: _Kinds = {}
    for owner in (child for tag in ("task", "project", "job") for child in meta.all(tag)):
        for label in (label for labels in owner.all("labels") for label in labels.all("label")):
            for attribute in (item for group in label.all("attributes") for item in group.all("attribute")):
                kinds[label.text_of("name"), attribute.text_of("name")] = attribute.text_of("input_type")
        size = owner.first("original_size") or meta.first("original_size")
        if size is not None and (size.text_of("width"), size.text_of("height")) != (
            str(video.width),
            str(video.height),
        ):
            message = f"is of {size.text_of('width')} x {size.text_of('height')} pixels, the video of "
            problems.add(where, "size_differs", f"{message}{video.width} x {video.height}", "kept")
    return kinds


def _track(node: Node, video: Video, kinds: _Kinds, problems: Problems, name: str) -> FoundTrack | None:
    label = node.attrs.get("label", "").strip() or "unnamed"
    where = Where(name, node.line, f"track {node.attrs.get('id', '')}")
    rows: list[_Row] = []
    for child in node.children:
        row = _row(child, video, label, kinds, problems, where, rows[-1][0].geometry if rows else None)
        rows += [row] if row else []
    keys = _keys([row for row, _, _ in rows], rows)
    try:
        keyframes = checked_keyframes(keys)
        if len({item.geometry.type for item in keyframes}) > 1:
            raise Invalid("has shapes of several kinds; only the first is taken")
    except Invalid as error:
        problems.add(where, "track_invalid", error.message)
        if not keys:
            return None
        keyframes = checked_keyframes([item for item in keys if item.geometry.type == keys[0].geometry.type])
    if node.attrs.get("group_id", "0") not in ("0", ""):
        problems.add(where, "group_left", "groups of tracks are not taken", "kept")
    own, z = node.attrs.get("id", "").strip()[:100], max((z for _, _, z in rows), default=0)
    keyframes, shared = _shared(keyframes)
    return FoundTrack(class_name=label, keyframes=keyframes, external_id=own or None, attributes=shared, z=z)


_Row = tuple[KeyFrame, bool, int]


def _keys(every: Sequence[KeyFrame], rows: Sequence[_Row]) -> list[KeyFrame]:
    """Key frames, and what between them lies elsewhere than it would."""
    keys = [row for row, key, _ in rows if key] or list(every)
    if not keys:
        return []
    kinds = {item.geometry.type for item in keys}
    if len(kinds) > 1 or len({item.frame for item in keys}) < len(keys):
        return keys
    track = Track(id="", class_id="", keyframes=tuple(sorted(keys, key=lambda item: item.frame)))
    strayed = []
    for row, key, _ in rows:
        seen = None if key else seen_at(track, row.frame)
        if not key and not (row.outside if seen is None else near(row.geometry, seen.geometry) and not row.outside):
            strayed.append(row)
    return [*keys, *(row for row in strayed if row.geometry.type in kinds)]


def _shared(keyframes: tuple[KeyFrame, ...]) -> tuple[tuple[KeyFrame, ...], dict[str, Value]]:
    """What all key frames say alike belongs to the track."""
    first = keyframes[0].attributes
    shared = {
        key: value
        for key, value in first.items()
        if all(item.attributes.get(key, _MISSING) == value for item in keyframes)
    }
    rest = tuple(
        replace(item, attributes={key: value for key, value in item.attributes.items() if key not in shared})
        for item in keyframes
    )
    return rest, shared


_MISSING = object()


def _row(
    node: Node,
    video: Video,
    label: str,
    kinds: _Kinds,
    problems: Problems,
    track: Where,
    before: Geometry | None,
) -> _Row | None:
    where = Where(track.file, node.line, f"{node.tag} of {track.thing}")
    frame, outside = finite(node.attrs.get("frame")), node.attrs.get("outside") == "1"
    if frame is None or not 0 <= frame < video.frames or not frame.is_integer():
        message = f"frame {node.attrs.get('frame', '?')[:20]}: the video's frames are 0 to {video.frames - 1}"
        # CVAT ends a track that is there to the end with a frame behind it.
        if not (outside and frame == video.frames):
            problems.add(where, "frame_unknown", message)
        return None
    # An object that has left the picture may lie anywhere: what counts is that it is not to be seen.
    geometry = _geometry(node, video, problems, where, quiet=outside) or (before if outside else None)
    if geometry is None:
        return None
    attributes: dict[str, Value] = {
        key: typed("".join(item.pieces), kinds.get((label, key), ""))
        for item in node.all("attribute")
        if (key := item.attrs.get("name", "").strip()[:200])
    }
    keyframe = KeyFrame(
        frame=int(frame),
        geometry=geometry,
        outside=outside,
        occluded=node.attrs.get("occluded") == "1",
        attributes=attributes,
    )
    z = finite(node.attrs.get("z_order", "0")) or 0
    return keyframe, node.attrs.get("keyframe", "1") == "1", int(z) if abs(z) < _Z else 0


def _geometry(node: Node, video: Video, problems: Problems, where: Where, *, quiet: bool) -> Geometry | None:
    read_shape = SHAPES.get(node.tag)
    if read_shape is None:
        problems.add(where, "shape_unknown", f"<{node.tag[:40]}> is no shape that can be taken")
        return None

    try:
        shape: RawShape = read_shape(node, (video.width, video.height))
    except (Invalid, ValueError, KeyError, OverflowError) as error:
        message = error.message if isinstance(error, Invalid) else f"cannot be read: {error}"
        problems.add(where, "shape_invalid", message)
        return None
    # Where it is while it cannot be seen is no matter.
    return place(shape, video.width, video.height, (Problems() if quiet else problems).at(where))
