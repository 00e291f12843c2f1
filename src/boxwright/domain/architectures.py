"""The networks that can be trained, with what a person wants to know before choosing one.

Figures are those of the authors: parameters, and mAP50-95 on COCO val2017 at `image_size` (of masks where the task is
to segment). `hub` is the repository on huggingface.co with the weights as transformers reads them; where none could be
confirmed it is None, and a folder with `config.json` and `model.safetensors` has to be uploaded.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from boxwright.domain.errors import Invalid
from boxwright.domain.models import Task

APACHE = "Apache-2.0"
# Distilled from DINOv3, whose own licence reaches what is made from it.
DINOV3 = "Apache-2.0, backbone under the DINOv3 License"


@dataclass(frozen=True, kw_only=True, slots=True)
class Architecture:
    """A kind of network.

    `model_type` names its family in transformers, or is `wren` for our own. `defaults` are training parameters that
    suit it better than the general ones. `starts_empty` tells whether it learns without weights from elsewhere,
    `hub_licence` how the hub writes the licence that is accepted before a download.
    """

    name: str
    title: str
    model_type: str
    parameters: int
    licence: str = APACHE
    task: Task = "detect"
    image_size: int = 640
    coco_ap: float | None = None
    hub: str | None = None
    hub_licence: str = "apache-2.0"
    starts_empty: bool = False
    defaults: Mapping[str, float | int | str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class StartingWeights:
    """Pretrained weights that are here: where they came from, for which network, under which licence."""

    id: str
    name: str
    model_type: str
    task: Task
    architecture: str
    source: str
    licence: str
    sha256: str
    bytes: int
    created_at: str


# What is known already is changed little.
_GENTLE = {"weight_decay": 1e-4, "clip_norm": 0.1, "mosaic": 0.0}
_TRAINED = {312: 288, 432: 480}


def _family(model_type: str, title: str, rows: Mapping[str, tuple[str, float, float, int, str | None, float]],
            lr: float, *, licence: str = APACHE, task: Task = "detect") -> tuple[Architecture, ...]:  # fmt: skip
    """Return the sizes of a family: title, million parameters, AP, input, repository, share of the backbone's rate."""
    return tuple(
        Architecture(
            name=name,
            title=f"{title} {size}",
            model_type=model_type,
            parameters=round(millions * 1e6),
            licence=licence,
            task=task,
            image_size=side,
            coco_ap=ap,
            hub=hub,
            # Patches and windows of RF-DETR-Seg fill multiples of 24 pixels, the rest of a training counts in 32.
            defaults={**_GENTLE, "image_size": _TRAINED.get(side, side), "lr": lr, "backbone_lr": share},
        )
        for name, (size, millions, ap, side, hub, share) in rows.items()
    )  # fmt: skip


ARCHITECTURES: tuple[Architecture, ...] = (
    Architecture(
        name="wren-n", title="Wren N", model_type="wren", parameters=2_150_000, image_size=320, starts_empty=True
    ),
    Architecture(
        name="wren-s", title="Wren S", model_type="wren", parameters=6_760_000, image_size=320, starts_empty=True
    ),
    Architecture(
        name="wren-n-seg", title="Wren-Seg N", model_type="wren", parameters=2_340_000, task="segment", image_size=320,
        starts_empty=True,
    ),
    Architecture(
        name="wren-s-seg", title="Wren-Seg S", model_type="wren", parameters=7_300_000, task="segment", image_size=320,
        starts_empty=True,
    ),
    # github.com/Peterande/D-FINE
    *_family("d_fine", "D-FINE", {
        "dfine-n": ("N", 4, 42.8, 640, "ustc-community/dfine-nano-coco", 0.5),
        "dfine-s": ("S", 10, 48.5, 640, "ustc-community/dfine-small-coco", 0.5),
        "dfine-m": ("M", 19, 52.3, 640, "ustc-community/dfine-medium-coco", 0.1),
        "dfine-l": ("L", 31, 54.0, 640, "ustc-community/dfine-large-coco", 0.05),
    }, 1e-4),
    # github.com/Intellindust-AI-Lab/DEIMv2; its own repositories on the hub are in a form of their own.
    *_family("deimv2", "DEIMv2", {
        "deimv2-atto": ("Atto", 0.5, 23.8, 320, None, 0.5),
        "deimv2-femto": ("Femto", 1.0, 31.0, 416, None, 0.5),
        "deimv2-pico": ("Pico", 1.5, 38.5, 640, "harshaljanjani/DEIMv2_HGNetv2_PICO_COCO_Transformers", 0.5),
        "deimv2-n": ("N", 3.6, 43.0, 640, "harshaljanjani/DEIMv2_HGNetv2_N_COCO_Transformers", 0.5),
    }, 2e-4),
    *_family("deimv2", "DEIMv2", {
        "deimv2-s": ("S", 9.7, 50.9, 640, "harshaljanjani/DEIMv2_DINOv3_S_COCO_Transformers", 0.05),
        "deimv2-m": ("M", 18.1, 53.0, 640, None, 0.05),
    }, 1e-4, licence=DINOV3),
    # github.com/lyuwenyu/RT-DETR
    *_family("rt_detr_v2", "RT-DETRv2", {
        "rtdetrv2-s": ("S", 20, 47.9, 640, "PekingU/rtdetr_v2_r18vd", 0.1),
        "rtdetrv2-m": ("M", 31, 49.9, 640, "PekingU/rtdetr_v2_r34vd", 0.1),
        "rtdetrv2-l": ("L", 42, 53.4, 640, "PekingU/rtdetr_v2_r50vd", 0.1),
        "rtdetrv2-x": ("X", 76, 54.3, 640, "PekingU/rtdetr_v2_r101vd", 0.1),
    }, 1e-4),
    # github.com/roboflow/rf-detr
    *_family("rf_detr", "RF-DETR", {
        "rfdetr-n": ("N", 30.5, 48.4, 384, "Roboflow/rf-detr-nano", 0.3),
        "rfdetr-s": ("S", 32.1, 53.0, 512, "Roboflow/rf-detr-small", 0.3),
        "rfdetr-m": ("M", 33.7, 54.7, 576, "Roboflow/rf-detr-medium", 0.3),
    }, 1e-4),
    *_family("rf_detr", "RF-DETR-Seg", {
        "rfdetr-n-seg": ("N", 33.6, 40.3, 312, "Roboflow/rf-detr-seg-nano", 0.3),
        "rfdetr-s-seg": ("S", 33.7, 43.1, 384, "Roboflow/rf-detr-seg-small", 0.3),
        "rfdetr-m-seg": ("M", 35.7, 45.3, 432, "Roboflow/rf-detr-seg-medium", 0.3),
    }, 1e-4, task="segment"),
)  # fmt: skip
_BY_NAME = {item.name: item for item in ARCHITECTURES}


def architecture(name: str) -> Architecture:
    """Return an architecture. Raises Invalid with code `architecture_unknown`."""
    found = _BY_NAME.get(name)
    if found is None:
        raise Invalid(f"no architecture {name!r}; known: {', '.join(_BY_NAME)}", code="architecture_unknown")
    return found
