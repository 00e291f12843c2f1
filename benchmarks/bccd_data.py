"""The blood-cell set of the shared test data (Pascal VOC with its own splits) as a manifest."""

import xml.etree.ElementTree as ET
from pathlib import Path

from boxwright.domain.geometry import Box
from boxwright.domain.manifest import ImageRecord, Labelled, ManifestClass, ManifestHeader, write_manifest

CLASSES = ("RBC", "WBC", "Platelets")


def write_bccd(folder: Path, manifest: Path) -> int:
    """Write the manifest of `folder` (that holds `BCCD/`) and return the number of pictures."""
    root = folder / "BCCD"
    records = []
    for split in ("train", "val", "test"):
        stems = (root / "ImageSets" / "Main" / f"{split}.txt").read_text().split()
        records.extend(_record(root, stem, split) for stem in stems)
    header = ManifestHeader(name="bccd", classes=tuple(ManifestClass(id=name.lower(), name=name) for name in CLASSES))
    return write_manifest(manifest, header, records)


def _record(root: Path, stem: str, split: str) -> ImageRecord:
    tree = ET.parse(root / "Annotations" / f"{stem}.xml").getroot()
    value = lambda item, path: float(item.findtext(path) or "nan")  # noqa: E731
    labels = []
    for item in tree.iter("object"):
        # VOC counts pixels from 1 and includes the last one.
        x0, y0, x1, y1 = (value(item, f"bndbox/{side}") for side in ("xmin", "ymin", "xmax", "ymax"))
        labels.append(
            Labelled(
                class_index=CLASSES.index(item.findtext("name") or ""),
                geometry=Box(x0=x0 - 1, y0=y0 - 1, x1=x1, y1=y1),
                id=f"{stem}-{len(labels)}",
            )
        )
    return ImageRecord(
        id=stem,
        name=f"{stem}.jpg",
        width=int(value(tree, "size/width")),
        height=int(value(tree, "size/height")),
        annotations=tuple(labels),
        split=split,  # type: ignore[arg-type]
        state="labeled",
        path=str(root / "JPEGImages" / f"{stem}.jpg"),
    )
