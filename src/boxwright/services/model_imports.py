"""Models from outside: looked at, corrected, and added to a project's library once they ran in a child with limits."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from boxwright.domain.cards import card_to_json
from boxwright.domain.clock import now
from boxwright.domain.corrections import CardChanges, corrected, differences, touches_reading
from boxwright.domain.errors import Invalid, InvalidModel, NotFound
from boxwright.domain.events import Event
from boxwright.domain.ids import new_id
from boxwright.domain.inspection import ModelInspection
from boxwright.domain.models import Model
from boxwright.domain.people import Caller
from boxwright.domain.ports import BlobStore
from boxwright.services import checks
from boxwright.services.detectors import Detectors
from boxwright.services.model_check import examine, examine_pair
from boxwright.services.model_parts import Given, Parts, opened
from boxwright.storage.repositories.models import ModelFiles
from boxwright.storage.unit_of_work import Transaction, UnitOfWork

_UNNAMED = "imported model"


class ModelImports:
    """Bare ONNX files, archives that Boxwright wrote, and other files that can be written as ONNX."""

    def __init__(self, uow: UnitOfWork, blobs: BlobStore, detectors: Detectors, memory: int | None = None) -> None:
        self._uow, self._blobs, self._detectors = uow, blobs, detectors
        self._memory = memory
        self._examine = partial(examine, memory=memory)

    def inspect(
        self, project_id: str, given: Sequence[Given], changes: CardChanges, image_id: str | None = None
    ) -> ModelInspection:
        """Say what uploaded files hold and how it would be run, and try it on an image; nothing is kept.

        Raises InvalidModel, NotFound for an image that is not of this project.
        """
        changes = _checked(changes)
        image = self._image(project_id, image_id)
        with opened(given, self._memory) as parts:
            return self._seen(parts, changes, image)[0]

    def inspect_model(self, model_id: str, changes: CardChanges, image_id: str | None = None) -> ModelInspection:
        """Say how a model of the library would be run with these changes, and try it on an image; nothing is kept."""
        changes = _checked(changes)
        with self._uow.read() as tx:
            model, files = tx.models.get(model_id), tx.models.files(model_id)
        image = self._image(model.project_id, image_id)
        onnx = self._blobs.local_path(files.onnx_sha256)
        second = (
            self._blobs.local_path(files.weights_sha256) if model.task == "assist" and files.weights_sha256 else None
        )
        return self._seen(Parts(onnx=onnx, second=second, title=model.name, card=model.card), changes, image)[0]

    def add(self, project_id: str, given: Sequence[Given], changes: CardChanges, caller: Caller | None = None) -> Model:
        """Add a model; its files are then removed. Those of one that is refused stay, to be corrected and tried again.

        Args:
            project_id: whose library.
            given: uploaded files that make one model, by name: an ONNX file, a ZIP, or what `model_parts` says.
            changes: what a person says against what is recognised.

        Raises:
            InvalidModel: it is no model that can be run; nothing is kept.
        """
        changes = _checked(changes)
        with opened(given, self._memory) as parts:
            title = _title(parts)
            found, (onnx, beside) = self._seen(parts, changes)
            if found.confidence == "unknown":
                raise InvalidModel(_undecided(found), code="model_unknown")
            digests = [self._blobs.put_file(path) for path in (onnx, beside) if path is not None]
            size = onnx.stat().st_size + (beside.stat().st_size if parts.second and beside else 0)
            weights = digests[1] if beside else None
        for _, path in given:
            path.unlink(missing_ok=True)
        title = checks.name(found.card.name or title, "the name")
        model = Model(
            id=new_id(),
            project_id=project_id,
            name=title,
            architecture=found.card.architecture,
            task=found.card.task,
            card=replace(found.card, name=title),
            version_id=None,
            job_id=None,
            parent_id=None,
            onnx_bytes=size,
            created_at=now(),
        )
        with self._uow.write() as tx:
            tx.projects.get(project_id)
            tx.models.add(model, ModelFiles(onnx_sha256=digests[0], weights_sha256=weights))
            detail = {"name": model.name}
            tx.audit.add(caller, "model.upload", project_id=project_id, subject=model.id, detail=detail)
            tx.publish(Event(topic="model", project_id=project_id, id=model.id))
        return model

    def correct(self, model_id: str, changes: CardChanges, caller: Caller | None = None) -> Model:
        """Change the card of a model. How it is fed and read is tried in a child first, and earlier figures go.

        Raises InvalidModel where it does not run that way, Invalid with code `model_trained` for a model that was
        trained here: its card is exact.
        """
        changes = _checked(changes)
        with self._uow.read() as tx:
            model, files = tx.models.get(model_id), tx.models.files(model_id)
        values: dict[str, object] = {}
        if model.task == "assist" or not touches_reading(changes):
            card = corrected(model.card, changes)
        elif model.job_id is not None:
            message = "this model was trained here and its card is exact; only name, licence and thresholds can change"
            raise Invalid(message, code="model_trained")
        else:
            onnx = self._blobs.local_path(files.onnx_sha256)
            card = self._examine(onnx, name=model.name, card=model.card, changes=changes).card
            values = {"val": None, "test": None, "architecture": card.architecture, "task": card.task}
        with self._uow.write() as tx:
            before = tx.models.get(model_id)
            if values:
                tx.variants.drop(model_id)
            tx.models.update(model_id, name=changes.name or model.name, card=card_to_json(card), **values)
            _note(tx, caller, before, tx.models.get(model_id))
            tx.publish(Event(topic="model", project_id=model.project_id, id=model_id))
            changed = tx.models.get(model_id)
        self._detectors.forget(model_id)
        return changed

    def _seen(
        self, parts: Parts, changes: CardChanges, image: tuple[str, Path] | None = None
    ) -> tuple[ModelInspection, tuple[Path, Path | None]]:
        """Look at parts; return what they hold, and the files to keep: the ONNX file, and weights or a decoder."""
        name = _title(parts)
        if parts.second is not None:
            files = parts.onnx, parts.second
            return examine_pair(files, name=name, card=parts.card, changes=changes, memory=self._memory)
        found = self._examine(parts.onnx, name=name, card=parts.card, changes=changes, image=image)
        return found, (parts.onnx, parts.weights)

    def _image(self, project_id: str, image_id: str | None) -> tuple[str, Path] | None:
        if image_id is None:
            return None
        with self._uow.read() as tx:
            image = tx.images.get(image_id)
        if image.project_id != project_id:
            raise NotFound("there is no such image in this project")
        return image_id, self._blobs.local_path(image.sha256)


def _title(parts: Parts) -> str:
    return parts.title or _UNNAMED


def _note(tx: Transaction, caller: Caller | None, before: Model, after: Model) -> None:
    """Write what a person changed of a model into the audit log."""
    changed = differences(before.card, after.card)
    if after.name != before.name:
        changed["renamed"] = f"{before.name} → {after.name}"
    if changed:
        detail = {"name": before.name, **changed}
        tx.audit.add(caller, "model.correct", project_id=before.project_id, subject=before.id, detail=detail)


def _undecided(found: ModelInspection) -> str:
    return f"{found.reasons[0]}; choose the decoder that reads it: {', '.join(found.alternatives)}"


def _checked(changes: CardChanges) -> CardChanges:
    """Return the changes with names that can be shown. Raises Invalid with code `name_invalid`."""
    name = None if changes.name is None else checks.name(changes.name, "the name")
    licence = None if changes.licence is None else checks.name(changes.licence, "the licence")
    classes = changes.classes and tuple(checks.name(item, "the name of a class") for item in changes.classes)
    return replace(changes, name=name, licence=licence, classes=classes)
