"""What a person asks of the job queue: a union tagged by `kind`, the body of `POST /jobs`.

Every request names its project, so that one look tells whether the caller may ask; services check that the other ids
belong to it: `Training.submit(request, caller)`, `Evaluation.submit`, `Runs.submit`, `Labelling.submit`,
`Imports.submit`, `Exports.submit`, `Samples.submit` and `Variants.submit`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from boxwright.domain.exchange import Frame, Policy
from boxwright.domain.looks import Looks
from boxwright.domain.models import Task
from boxwright.domain.projects import ImageState, Source, Split

FormatName = Literal[
    "coco",
    "yolo",
    "voc",
    "cvat",
    "labelstudio",
    "labelme",
    "via",
    "datumaro",
    "darknet",
    "createml",
    "tfrecord",
    "masks",
    "crops",
    "openimages",
    "csv",
]
ImportFormat = Literal[
    "auto",
    "coco",
    "yolo",
    "voc",
    "cvat",
    "labelstudio",
    "labelme",
    "via",
    "datumaro",
    "darknet",
    "createml",
    "tfrecord",
    "openimages",
    "csv",
]
SampleShapes = Literal["box", "polygon", "mask"]
ProposalShape = Literal["outline", "box"]
SAMPLE_NAME = "Coins, dice and buttons"
SAMPLE_IMAGES = 190


@dataclass(frozen=True, kw_only=True, slots=True)
class TrainRequest:
    """Train a detector on the split `train`, chosen by `val`, read once on `test`.

    `task` says whether to learn boxes (`detect`) or outlines too (`segment`); left out, it is that of the architecture.
    Without `version_id` the project's present state is frozen as a new version. `weights` is the id of a model of the
    same project to start from, `pretrained` the id of starting weights for a network that begins with some (left out,
    the newest for this architecture). `hyper` holds fields of the training parameters (`epochs`, `image_size`, ...);
    what is left out takes the default of the architecture. `name` names the model.
    """

    project_id: str
    kind: Literal["train"] = "train"
    name: str | None = None
    version_id: str | None = None
    architecture: str = "wren-n"
    task: Task | None = None
    hyper: Mapping[str, object] = field(default_factory=dict)
    weights: str | None = None
    pretrained: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class EstimateRequest:
    """Measure on this machine, in seconds, how long a training would take and what memory it needs.

    A few real steps are run on the present state of the project; the fields are those of `TrainRequest`.
    """

    project_id: str
    kind: Literal["estimate"] = "estimate"
    architecture: str = "wren-n"
    task: Task | None = None
    hyper: Mapping[str, object] = field(default_factory=dict)
    weights: str | None = None
    pretrained: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class SweepRequest:
    """Try several values of some parameters for `minutes`, halve the field again and again, and train the best.

    `space` names the values of each parameter to try, such as `{"lr": [0.001, 0.003]}`; left empty it is learning rate,
    image size and augmentation around what `hyper` says. At most `trials` combinations are tried. The other fields are
    those of `TrainRequest`; the project needs labelled images in `val`, because those choose.
    """

    project_id: str
    kind: Literal["sweep"] = "sweep"
    name: str | None = None
    version_id: str | None = None
    architecture: str = "wren-n"
    task: Task | None = None
    hyper: Mapping[str, object] = field(default_factory=dict)
    weights: str | None = None
    pretrained: str | None = None
    space: Mapping[str, tuple[float | str, ...]] = field(default_factory=dict)
    minutes: float = 30.0
    trials: int = 8


@dataclass(frozen=True, kw_only=True, slots=True)
class EvaluateRequest:
    """Measure a model on one split of a version, or of the project's present state where `version_id` is None."""

    project_id: str
    model_id: str
    kind: Literal["evaluate"] = "evaluate"
    split: Literal["train", "val", "test"] = "test"
    version_id: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class PredictRequest:
    """Start the prediction run `run_id`, or go on with what it has not predicted yet."""

    project_id: str
    run_id: str
    kind: Literal["predict"] = "predict"
    looks: Looks = field(default_factory=Looks)


@dataclass(frozen=True, kw_only=True, slots=True)
class LabelRequest:
    """Let a model propose annotations: on the pictures of a split, on those named, on the unlabelled ones, or on all.

    A detection becomes a proposal from the score `threshold` on, by default that of the model's card; `thresholds` set
    another one for a class of the model, by its name. `model_thresholds` starts with the model's own for each class,
    as its evaluation found them; left out, that is so where no `threshold` is given and the model has some. `iou` above
    which boxes of a class are one object is the model's too. Classes of the model are those of the same name here;
    `class_map` says otherwise (an empty name drops a class), and `create_classes` adds classes that are missing here,
    once the model finds one of them. A proposal is the outline of the object where the model gives one, else its box;
    with the `shape` `box` always its box.

    Proposals of an earlier run that nobody has reviewed are replaced; all other annotations stay. Pictures that
    somebody marked as empty are left out unless they are named in `image_ids`.
    """

    project_id: str
    model_id: str
    kind: Literal["label"] = "label"
    threshold: float | None = None
    iou: float | None = None
    thresholds: Mapping[str, float] = field(default_factory=dict)
    model_thresholds: bool | None = None
    class_map: Mapping[str, str] = field(default_factory=dict)
    create_classes: bool = False
    image_ids: tuple[str, ...] | None = None
    split: Split | None = None
    only_unlabeled: bool = False
    shape: ProposalShape = "outline"
    looks: Looks = field(default_factory=Looks)


@dataclass(frozen=True, kw_only=True, slots=True)
class ImportRequest:
    """Read an archive, an annotation file, or what lies under an address into the project.

    Either `upload_id` names an upload, or `source` is an address: `https://HOST/FILE.zip`, `s3://BUCKET/PREFIX` (or
    `gs`, `az`), `file:///FOLDER` of the server. What lies there is copied, unless it comes
    `by_reference`. After a dry run of a `source` the result of the job holds the `upload_id` of what was fetched: the
    real import takes the same and fetches nothing again.
    `default_split` is for pictures whose dataset brings no split. `frame` says whether coordinates refer to the stored
    pixels (`raw`) or the EXIF-upright picture. `policy` is for pictures whose name is here already: `skip` leaves them
    alone, `merge` adds the annotations that are not there yet, `replace` puts the new annotations in place of the old.
    `class_map` renames classes of the input on their way in (two names may become one); an empty name drops a class.
    With `predictions`, what models said in a Label Studio export comes as proposals, with score and model's name. A
    `dry_run` reports and changes nothing; its upload stays for the real one. `by_reference` leaves the pictures of a
    bucket or folder where they lie: they are read once, and again when they are wanted; it needs the `source`, also
    after a dry run.
    """

    project_id: str
    upload_id: str = ""
    kind: Literal["import"] = "import"
    source: str = ""
    format: ImportFormat = "auto"
    default_split: Split | None = None
    frame: Frame = "upright"
    policy: Policy = "merge"
    class_map: Mapping[str, str] = field(default_factory=dict)
    predictions: bool = False
    by_reference: bool = False
    dry_run: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Selection:
    """A part of a dataset; what is empty leaves nothing out.

    Where `class_ids` or `sources` (who made an annotation: `manual`, `import`, `model`) are chosen, only their
    annotations stay, and only images that have one. A version does not know the sources.
    """

    splits: tuple[Split, ...] = ()
    states: tuple[ImageState, ...] = ()
    class_ids: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()

    @property
    def narrows(self) -> bool:
        """Whether anything is chosen."""
        return bool(self.splits or self.states or self.class_ids or self.sources)


@dataclass(frozen=True, kw_only=True, slots=True)
class ExportRequest:
    """Write a version, or the project's present state where `version_id` is None, as a ZIP to download.

    Without `with_annotations` the ZIP holds the images alone, under their names, whatever the format.
    """

    project_id: str
    format: FormatName
    kind: Literal["export"] = "export"
    version_id: str | None = None
    with_images: bool = True
    with_annotations: bool = True
    selection: Selection = field(default_factory=Selection)


@dataclass(frozen=True, kw_only=True, slots=True)
class SampleRequest:
    """Render coins, dice and buttons into the project: pictures with splits and exact annotations, some unlabelled.

    The same `seed` and number of `images` give the same pictures. Pictures whose name is here already stay.
    """

    project_id: str
    kind: Literal["sample"] = "sample"
    seed: int = 0
    images: int = SAMPLE_IMAGES
    shapes: SampleShapes = "box"


@dataclass(frozen=True, kw_only=True, slots=True)
class VariantsRequest:
    """Make fp16 and int8 of a model, and compare them with it on a split: `test`, or `val` where that has none."""

    project_id: str
    model_id: str
    kind: Literal["variants"] = "variants"
    split: Literal["val", "test"] | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class FetchRequest:
    """Download the pretrained weights of an architecture, for the whole installation.

    `accept_licence` repeats the architecture's licence: nothing is asked of the hub before.
    """

    project_id: str
    architecture: str
    kind: Literal["fetch"] = "fetch"
    accept_licence: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckupRequest:
    """Look at the pictures that nobody has looked at yet, or at all with `again`: what is alike, what is flawed."""

    project_id: str
    kind: Literal["checkup"] = "checkup"
    again: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class LabelCheckRequest:
    """Look for likely label errors: where a model disagrees with what is annotated, on the images of some splits.

    Without `model_id` it is the best of the models that were measured alike, else the newest; without `splits` all
    labelled images are looked at.
    """

    project_id: str
    kind: Literal["label_check"] = "label_check"
    model_id: str | None = None
    splits: tuple[Split, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class CopyInRequest:
    """Copy images in that are there by reference: those that are named, or all of the project.

    An image with the same bytes as a named one is copied with it. What cannot be copied stays a reference.
    """

    project_id: str
    kind: Literal["copy_in"] = "copy_in"
    image_ids: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class EmbedRequest:
    """Look at the images that nobody has looked at yet, so that similar ones are found, and lay all out on a map.

    Without `model_id` it is the newest Wren that was trained here, else, or with `starter`, a network with starter
    weights. With `again`, or another network than before, it looks at all images.
    """

    project_id: str
    kind: Literal["embed"] = "embed"
    model_id: str | None = None
    starter: bool = False
    again: bool = False


JobRequest = (
    TrainRequest
    | EstimateRequest
    | SweepRequest
    | EvaluateRequest
    | PredictRequest
    | LabelRequest
    | ImportRequest
    | ExportRequest
    | SampleRequest
    | VariantsRequest
    | FetchRequest
    | CheckupRequest
    | LabelCheckRequest
    | CopyInRequest
    | EmbedRequest
)
