"""Weights to start a training from: downloaded from a hub once their licence was accepted, or uploaded as a folder."""

import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from boxwright.domain.architectures import Architecture, StartingWeights, architecture
from boxwright.domain.clock import now
from boxwright.domain.errors import Invalid, InvalidModel
from boxwright.domain.ids import new_id
from boxwright.domain.jobs import Job
from boxwright.domain.people import Caller
from boxwright.domain.ports import BlobStore
from boxwright.domain.requests import FetchRequest
from boxwright.jobs.kinds import JobKind
from boxwright.media.archives import Limits, is_archive, safe_extract
from boxwright.ml import pretrained
from boxwright.services import checks
from boxwright.services.queue import Queue, new_job
from boxwright.storage.files import full_disk_is_an_answer
from boxwright.storage.unit_of_work import Transaction, UnitOfWork

_STORED = "stored.json"
_LIMITS = Limits(files=200, total=4 << 30, ratio=100.0)


class Pretrained:
    """What there is to start from, and how it comes here."""

    def __init__(self, uow: UnitOfWork, blobs: BlobStore, queue: Queue, hub: str) -> None:
        self._uow, self._blobs, self._queue, self._hub = uow, blobs, queue, hub
        self.kind: JobKind[Transaction] = JobKind(
            name="fetch",
            entry="boxwright.ml.tasks.fetch:run",
            prepare=self.prepare,
            stage=self.stage,
            adopt=self.adopt,
            attempts=3,
        )

    def all(self) -> tuple[StartingWeights, ...]:
        """Return all starting weights, the newest first."""
        with self._uow.read() as tx:
            return tx.starting_weights.all()

    def delete(self, weights_id: str) -> None:
        """Remove starting weights; jobs that run or wait keep theirs: a sweep asks them too. Raises NotFound."""
        with self._uow.write() as tx:
            tx.starting_weights.get(weights_id)
            tx.starting_weights.delete(weights_id)

    def choose(self, about: Architecture, weights_id: str | None) -> StartingWeights | None:
        """Return what a training starts from, the newest where none is named; None where the network needs none.

        Raises Invalid with code `weights_needed` or `weights_foreign`; NotFound.
        """
        if about.starts_empty:
            if weights_id is not None:
                raise Invalid(f"{about.name} starts from random weights or from a model", code="weights_foreign")
            return None
        found = self.all()
        if weights_id is None:
            fitting = [item for item in found if item.architecture == about.name]
            if not fitting:
                raise Invalid(f"{about.name} starts from pretrained weights: {_how(about)}", code="weights_needed")
            return fitting[0]
        with self._uow.read() as tx:
            chosen = tx.starting_weights.get(weights_id)
        if (chosen.model_type, chosen.task) != (about.model_type, about.task):
            message = f"{chosen.name} is of the kind {chosen.model_type} ({chosen.task}) and does not fit {about.name}"
            raise Invalid(message, code="weights_foreign")
        return chosen

    def submit(self, request: FetchRequest, caller: Caller) -> Job:
        """Queue a download. Raises Invalid (`licence_not_accepted`, `weights_unknown`)."""
        about = architecture(request.architecture)
        if about.hub is None:
            raise Invalid(f"{about.name} has no known download: {_how(about)}", code="weights_unknown")
        if request.accept_licence != about.licence:
            raise Invalid(
                f"the weights of {about.name} ({about.hub}) are under the licence {about.licence}: accept it by "
                f"sending accept_licence: {about.licence!r}",
                code="licence_not_accepted",
                detail={"licence": about.licence},
            )
        params = {"architecture": about.name, "licence": about.licence}
        return self._queue.add(
            new_job("fetch", request.project_id, f"Download {about.title}", params, caller), caller=caller
        )

    def prepare(self, job: Job, _workdir: Path) -> Mapping[str, object]:
        """Return what to download."""
        about = architecture(str(job.params["architecture"]))
        return {"repo": about.hub, "endpoint": self._hub, "licence": about.hub_licence, "said": about.licence}

    def stage(self, _job: Job, result: Mapping[str, Any], workdir: Path) -> None:
        """Store the file."""
        path = workdir / str(result["file"])
        size = path.stat().st_size
        with full_disk_is_an_answer():
            (workdir / _STORED).write_text(json.dumps({"sha256": self._blobs.put_file(path), "bytes": size}))

    def adopt(self, tx: Transaction, job: Job, result: Mapping[str, Any], workdir: Path) -> Mapping[str, object]:
        """Note the weights, in the place of an earlier download of the same."""
        about = architecture(str(job.params["architecture"]))
        stored = json.loads((workdir / _STORED).read_text())
        weights = StartingWeights(
            id=new_id(),
            name=about.title,
            model_type=about.model_type,
            task=about.task,
            architecture=about.name,
            source=str(result["source"]),
            licence=about.licence,
            sha256=stored["sha256"],
            bytes=stored["bytes"],
            created_at=now(),
        )
        for earlier in tx.starting_weights.all():
            if earlier.source == weights.source:
                tx.starting_weights.delete(earlier.id)
        tx.starting_weights.add(weights)
        return {"weights_id": weights.id, "architecture": about.name, "licence": about.licence, "bytes": weights.bytes}

    def add(self, upload: Path, name: str, wanted: str | None, licence: str | None) -> StartingWeights:
        """Take a folder of transformers, packed as ZIP or TAR, as starting weights.

        Args:
            upload: the archive.
            name: of the uploaded file.
            wanted: the architecture it is for; the one of its family where there is one only.
            licence: of the weights, in the words of who uploads them.

        Raises:
            InvalidModel: no `config.json` with `model.safetensors`, a pickle, or a network that cannot be trained.
        """
        with tempfile.TemporaryDirectory(prefix="weights-", dir=upload.parent) as work:
            folder = _unpacked(upload, Path(work))
            out = Path(work) / pretrained.WEIGHTS
            said = checks.name(licence, "the licence") if licence else "unknown"
            config = pretrained.pack(folder, out, {"licence": said, "source": "upload"})
            about = _matching(pretrained.fitting(config), wanted)
            size = out.stat().st_size
            with full_disk_is_an_answer():
                digest = self._blobs.put_file(out)
        weights = StartingWeights(
            id=new_id(),
            name=checks.name(Path(name).stem or about.title, "the name"),
            model_type=about.model_type,
            task=about.task,
            architecture=about.name,
            source="upload",
            licence=said,
            sha256=digest,
            bytes=size,
            created_at=now(),
        )
        with self._uow.write() as tx:
            tx.starting_weights.add(weights)
        return weights


def _how(about: Architecture) -> str:
    """Return what to do to have weights."""
    folder = "upload a folder with config.json and model.safetensors (`boxwright model add-weights FOLDER`)"
    if about.hub is None:
        return folder
    return f"download them ({about.licence}, `boxwright model fetch {about.name}`) or {folder}"


def _matching(found: tuple[Architecture, ...], wanted: str | None) -> Architecture:
    """Return the architecture that is wanted, if it is of this family. Raises Invalid."""
    if wanted is None and len(found) == 1:
        return found[0]
    chosen = next((item for item in found if item.name == wanted), None)
    if chosen is None:
        names = ", ".join(item.name for item in found)
        said = f"{wanted} does not fit" if wanted else "say which size it is"
        raise Invalid(f"architecture: {said}; these weights are for one of {names}", code="architecture_unknown")
    return chosen


def _unpacked(upload: Path, work: Path) -> Path:
    """Return a folder with the files of an archive that count, by their last names. Raises InvalidModel."""
    if not is_archive(upload):
        raise InvalidModel("pack the folder with config.json and model.safetensors as a ZIP", code="weights_unreadable")
    folder = work / "folder"
    folder.mkdir()
    for member in safe_extract(upload, work / "members", _LIMITS):
        # Other files keep their names without their contents: they say what was meant instead.
        last = member.name.rsplit("/", 1)[-1]
        target = folder / last
        if last in pretrained.FILES and not target.exists():
            member.path.replace(target)
        elif last.endswith(pretrained.TELLING) and not target.exists():
            target.touch()
    return folder
