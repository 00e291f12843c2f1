"""What helps to choose a training's parameters: presets, advice that follows from the data, preview pictures."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace

from boxwright import media
from boxwright.domain.detections import DetectionRow
from boxwright.domain.errors import Invalid, NotFound
from boxwright.domain.manifest import ImageRecord
from boxwright.domain.ports import BlobStore
from boxwright.domain.projects import LabelClass
from boxwright.domain.queries import ImageQuery
from boxwright.media.drawing import draw
from boxwright.ml.data.dataset import facts_of
from boxwright.ml.data.samples import Sample, sample_of
from boxwright.ml.training.advice import Choice, adapt
from boxwright.ml.training.params import TrainingParams
from boxwright.ml.training.presets import PRESETS, Preset
from boxwright.services.versions import record_of
from boxwright.storage.unit_of_work import UnitOfWork

# Advice looks at so many labelled training images, previews mix so many.
LOOKED_AT, SHOWN = 500, 24


class TrainingHelp:
    """Advice and previews; needs no PyTorch."""

    def __init__(self, uow: UnitOfWork, blobs: BlobStore) -> None:
        self._uow, self._blobs = uow, blobs

    @staticmethod
    def presets() -> tuple[Preset, ...]:
        """Return the augmentation presets."""
        return tuple(PRESETS.values())

    def advice(self, project_id: str) -> tuple[Choice, ...]:
        """Return what a training would choose for the project as it is, and why. Raises NotFound."""
        _, samples, images = self._samples(project_id, LOOKED_AT)
        if not samples:
            return ()
        facts = replace(facts_of(samples), images=images)
        return tuple(adapt(TrainingParams(), facts, cuda=False)[1])

    def preview(self, project_id: str, hyper: Mapping[str, object], index: int) -> bytes:
        """Return a JPEG of a picture as the network would see it in training, with its boxes.

        Raises Invalid with code hyper_invalid or no_training_images; NotFound; InvalidImage.
        """
        params = TrainingParams.from_json(hyper)
        classes, samples, _ = self._samples(project_id, SHOWN)
        samples = [found for sample in samples if (found := self._located(sample)) is not None]
        if not samples:
            raise Invalid("label some images of the split train first: previews show them", code="no_training_images")
        params, _ = adapt(params, facts_of(samples), cuda=False)
        # OpenCV loads with the first preview, not with the server.
        from boxwright.ml.data.batches import TrainingBatches
        from boxwright.ml.data.cache import PictureCache
        from boxwright.ml.data.recipe import recipe_of

        cache = PictureCache(params.image_size, 0, params.tiles)
        view = TrainingBatches(samples, cache, recipe_of(params), params.seed, 1, 1).view(index)
        rows = [
            DetectionRow(class_id=int(label), class_name=classes[label].name, score=1.0, box=tuple(map(float, box)))  # type: ignore[arg-type]
            for box, label in zip(view.boxes, view.labels, strict=True)
        ]
        colors = {rank: item.color for rank, item in enumerate(classes)}
        return media.encode_jpeg(draw(view.pixels, rows, colors, scores=False))

    def _samples(self, project_id: str, most: int) -> tuple[tuple[LabelClass, ...], list[Sample], int]:
        """Return the classes, some labelled training images with the hash of their bytes as path, and how many are."""
        with self._uow.read() as tx:
            tx.projects.get(project_id)
            classes = tuple(tx.classes.list(project_id))
            query = ImageQuery(split="train", state="labeled")
            images = tx.images.page(project_id, query, None, most).items
            shapes = tx.annotations.of_images([item.id for item in images], tx.annotations.default_set(project_id))
            splits = {item.split: item for item in tx.totals.splits(project_id)}
        ranks = {item.id: rank for rank, item in enumerate(classes)}
        records: list[ImageRecord] = [record_of(item, None, shapes[item.id], ranks) for item in images]
        found = [sample_of(replace(record, path=record.sha256)) for record in records]
        return classes, found, splits["train"].images - splits["train"].unlabeled

    def _located(self, sample: Sample) -> Sample | None:
        with suppress(NotFound):
            return replace(sample, path=str(self._blobs.local_path(str(sample.path))))
        return None
