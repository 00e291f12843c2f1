"""Weights to start a training from: downloaded from a hub once their licence was accepted, or uploaded."""

import json
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from boxwright.domain.architectures import Architecture, StartingWeights, architecture
from boxwright.domain.clock import now
from boxwright.domain.errors import Invalid
from boxwright.domain.ids import new_id
from boxwright.domain.jobs import Job
from boxwright.domain.people import Caller
from boxwright.domain.ports import BlobStore
from boxwright.domain.requests import FetchRequest
from boxwright.jobs.kinds import JobKind
from boxwright.media.archives import Limits, Member, is_archive, safe_extract
from boxwright.ml import pretrained
from boxwright.services import checks
from boxwright.services.model_parts import Given
from boxwright.services.queue import Queue, new_job
from boxwright.storage.files import full_disk_is_an_answer
from boxwright.storage.unit_of_work import Transaction, UnitOfWork

SOURCE_LIMIT = 500
# Names that say nothing of what is in a file.
_PLAIN = {"weights", *(Path(name).stem for name in pretrained.FILES)}
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
                raise Invalid(f"{about.name} starts from its own weights or from a model", code="weights_foreign")
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

    def add(
        self,
        project_id: str,
        given: Sequence[Given],
        caller: Caller,
        *,
        wanted: str | None,
        licence: str | None,
        source: str | None,
    ) -> StartingWeights:
        """Take uploaded files as starting weights, for all projects.

        Args:
            project_id: the project that they were brought for.
            given: `model.safetensors` and `config.json`, or one ZIP or TAR that holds them; weights that were trained
                here need no `config.json`. The first one gives the name.
            caller: who brings them.
            wanted: the architecture it is for; the one of its family where there is one only.
            licence: of the weights, in the words of who uploads them.
            source: where they come from, likewise.

        Raises:
            Invalid: they are for another architecture, or it is not said for which of several.
            InvalidModel: a file is missing or broken, a pickle, or a network that cannot be trained.
        """
        name, path = given[0]
        stem = Path(name).stem.removesuffix(".tar")
        licence = checks.name(licence, "the licence") if licence else "unknown"
        source = checks.name(source, "where they come from", SOURCE_LIMIT) if source else "upload"
        with (
            full_disk_is_an_answer(),
            tempfile.TemporaryDirectory(prefix="weights-", dir=path.parent) as work,
        ):
            out = Path(work) / "packed"
            config = pretrained.pack(_folder(given, Path(work)), out, {"licence": licence, "source": source})
            about = _matching(pretrained.fitting(config), wanted)
            size, digest = out.stat().st_size, self._blobs.put_file(out)
        weights = StartingWeights(
            id=new_id(),
            name=about.title if stem in _PLAIN else checks.name(stem, "the name", SOURCE_LIMIT),
            model_type=about.model_type,
            task=about.task,
            architecture=about.name,
            source=source,
            licence=licence,
            sha256=digest,
            bytes=size,
            created_at=now(),
        )
        with self._uow.write() as tx:
            tx.starting_weights.add(weights)
            detail = {"name": weights.name, "source": source, "licence": licence}
            tx.audit.add(caller, "weights.upload", project_id=project_id, subject=weights.id, detail=detail)
        return weights


def _how(about: Architecture) -> str:
    """Return what to do to have weights."""
    folder = (
        "upload config.json and model.safetensors (Upload weights, on the page Train, or `boxwright model add-weights "
        "FOLDER`)"
    )
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
        said = f"not for {wanted}" if wanted else "say for which architecture"
        raise Invalid(f"these weights are for one of {names}; {said}", code="architecture_unknown")
    return chosen


def _folder(given: Sequence[Given], work: Path) -> Path:
    """Return a folder with those files that count, under the names that they are read by. Raises InvalidDataset."""
    folder = work / "folder"
    folder.mkdir()
    members = [Member(name, path) for name, path in given]
    if len(members) == 1 and is_archive(members[0].path):
        members = safe_extract(members[0].path, work / "members", _LIMITS)
    tensors = [item for item in members if item.name.endswith(".safetensors")]
    for member in members:
        # A single one counts under any name: what was trained here is called otherwise.
        last = pretrained.WEIGHTS if [member] == tensors else member.name.rsplit("/", 1)[-1]
        target = folder / last
        if last in pretrained.FILES and not target.exists():
            target.symlink_to(member.path.absolute())
        elif last.endswith(pretrained.TELLING) and not target.exists():
            # Without its contents: it says what was meant instead.
            target.touch()
    return folder
