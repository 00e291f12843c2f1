"""The only place where settings become objects: opens the stores, builds the services, connects them."""

import logging
import shutil
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from boxwright.domain.backups import RestoreReport
from boxwright.domain.errors import BoxwrightError, Invalid, Unavailable
from boxwright.domain.jobs import Job
from boxwright.domain.people import Caller
from boxwright.domain.ports import BlobStore
from boxwright.domain.requests import JobRequest
from boxwright.jobs.kinds import JobKind
from boxwright.jobs.runners.local import LocalRunner
from boxwright.jobs.scheduler import Scheduler
from boxwright.services.access import Access
from boxwright.services.accounts import Accounts
from boxwright.services.agreements import Agreements
from boxwright.services.annotations import Annotations
from boxwright.services.assisting import Assisting
from boxwright.services.audit import Audit
from boxwright.services.backup_archive import Show
from boxwright.services.backups import Backups
from boxwright.services.broker import Broker
from boxwright.services.checkups import Checkups
from boxwright.services.class_changes import ClassChanges
from boxwright.services.classes import Classes
from boxwright.services.comments import Comments
from boxwright.services.copying_in import CopyingIn
from boxwright.services.deciding import Deciding
from boxwright.services.deciding_many import DecidingMany
from boxwright.services.detectors import Detectors, load_onnx
from boxwright.services.embeddings import Networks
from boxwright.services.estimates import Estimates
from boxwright.services.evaluation import Evaluation
from boxwright.services.exports import Exports
from boxwright.services.following import Following
from boxwright.services.housekeeping import Housekeeping
from boxwright.services.idempotency import Idempotency
from boxwright.services.image_maps import ImageMaps
from boxwright.services.images import Images
from boxwright.services.import_undo import ImportUndo
from boxwright.services.imports import Imports
from boxwright.services.inputs import Inputs
from boxwright.services.installation import settle
from boxwright.services.jobs import Jobs
from boxwright.services.label_checks import LabelChecks
from boxwright.services.labelling import Labelling
from boxwright.services.members import Members
from boxwright.services.metadata import Metadata
from boxwright.services.model_memory import model_memory
from boxwright.services.models import Models
from boxwright.services.needed import Keeper
from boxwright.services.originals import Originals, with_originals
from boxwright.services.presence import Presence
from boxwright.services.pretrained import Pretrained
from boxwright.services.projects import Projects
from boxwright.services.proposals import Proposals
from boxwright.services.queue import Queue
from boxwright.services.reports import Reports
from boxwright.services.restoring import Footprint, Restoring, check_folder, check_whole
from boxwright.services.reviewing import Reviewing
from boxwright.services.runs import Runs
from boxwright.services.samples import Samples
from boxwright.services.sampling import Sampling
from boxwright.services.signing_in import SigningIn
from boxwright.services.similar import SimilarImages
from boxwright.services.sources import Sources
from boxwright.services.splitting import Splitting
from boxwright.services.statistics import Figures
from boxwright.services.sweeps import Sweeps
from boxwright.services.tagging import Tags
from boxwright.services.tokens import Tokens
from boxwright.services.track_files import TrackFiles
from boxwright.services.tracks import Tracks
from boxwright.services.training import Training
from boxwright.services.training_help import TrainingHelp
from boxwright.services.uploads import Uploads
from boxwright.services.variants import Variants
from boxwright.services.version_changes import VersionChanges
from boxwright.services.versions import Versions
from boxwright.services.video_frames import VideoFrames
from boxwright.services.videos import Videos
from boxwright.services.views import Views
from boxwright.settings import Settings
from boxwright.storage import schema
from boxwright.storage.engine import is_sqlite, open_engine
from boxwright.storage.job_store import DatabaseJobStore
from boxwright.storage.location import Location
from boxwright.storage.lock import ServerLock
from boxwright.storage.unit_of_work import Transaction, UnitOfWork

log = logging.getLogger(__name__)
# Seconds: not while a person waits for the first page, and then a few times a day.
FIRST_TIDY = 120.0
TIDY_EVERY = 6 * 3600.0


@dataclass(kw_only=True)
class Application:
    """Everything a running server consists of."""

    settings: Settings
    broker: Broker
    uow: UnitOfWork
    blobs: BlobStore
    access: Access
    signing_in: SigningIn
    accounts: Accounts
    tokens: Tokens
    members: Members
    audit: Audit
    idempotency: Idempotency
    projects: Projects
    classes: Classes
    class_changes: ClassChanges
    images: Images
    annotations: Annotations
    assisting: Assisting
    versions: Versions
    version_changes: VersionChanges
    uploads: Uploads
    videos: Videos
    video_frames: VideoFrames
    tracks: Tracks
    track_files: TrackFiles
    following: Following
    sampling: Sampling
    jobs: Jobs
    training: Training
    training_help: TrainingHelp
    estimates: Estimates
    sweeps: Sweeps
    evaluation: Evaluation
    models: Models
    pretrained: Pretrained
    reports: Reports
    runs: Runs
    labelling: Labelling
    proposals: Proposals
    import_undo: ImportUndo
    work: Reviewing
    comments: Comments
    views: Views
    figures: Figures
    agreements: Agreements
    presence: Presence
    tags: Tags
    metadata: Metadata
    originals: Originals
    splitting: Splitting
    checkups: Checkups
    label_checks: LabelChecks
    copying_in: CopyingIn
    deciding: Deciding
    deciding_many: DecidingMany
    image_maps: ImageMaps
    similar: SimilarImages
    imports: Imports
    exports: Exports
    samples: Samples
    variants: Variants
    backups: Backups
    scheduler: Scheduler
    housekeeping: Housekeeping
    engine: Engine
    lock: ServerLock
    by_kind: Mapping[str, Any]
    stopping: threading.Event = field(default_factory=threading.Event)

    @property
    def static_folder(self) -> Path:
        """Where the built front end lies."""
        return self.settings.static or Path(__file__).parent / "static"

    def submit(self, request: JobRequest, caller: Caller) -> Job:
        """Hand a request to the service of its kind."""
        job: Job = self.by_kind[request.kind].submit(request, caller)
        return job

    def start(self) -> None:
        """Tidy up after the former server and begin to work on the queue."""
        # Bodies that were on their way in when a former server died.
        shutil.rmtree(self.settings.incoming_folder, ignore_errors=True)
        self.idempotency.start()
        self.scheduler.start()
        threading.Thread(target=self._tidy_now_and_then, name="housekeeping", daemon=True).start()

    def _tidy_now_and_then(self) -> None:
        seconds = FIRST_TIDY
        while not self.stopping.wait(seconds):
            try:
                self.idempotency.tidy()
                self.audit.tidy()
                self.jobs.tidy()
                self.imports.tidy()
                self.housekeeping.run()
            except BoxwrightError as error:  # a busy database, a full disk: the next time will do
                log.warning("tidying up was put off: %s", error)
            except Exception:  # this thread is the only one that tidies: it must live on
                log.exception("tidying up failed")
            seconds = TIDY_EVERY

    def close(self) -> None:
        """Stop in order: streams, children, database, lock."""
        self.stopping.set()
        self.scheduler.close()
        self.engine.dispose()
        self.lock.release()


def build(settings: Settings) -> Application:
    """Open the data folder and the database, bring the schema up to date, and connect the services.

    Raises:
        Unavailable: another server holds the data folder, the database cannot be opened or is of a newer version.
        Invalid: a setting that this version cannot serve.
    """
    _check(settings)
    engine = open_engine(settings.database_url)
    lock = _lock(settings, engine)
    try:
        check_whole(settings.data, UnitOfWork(engine, Broker()))
        schema.prepare(engine, settings.data / "backups")
        return _connect(settings, engine, lock)
    except BaseException:
        lock.release()
        engine.dispose()
        raise


def restore(settings: Settings, source: Path, show: Show) -> RestoreReport:
    """Restore a backup into an empty installation; what goes wrong leaves it empty.

    Raises what `Restoring.run` and `build` do.
    """
    check_folder(settings.data)
    engine = open_engine(settings.database_url)
    footprint = Footprint(settings.data, engine.url.database if is_sqlite(engine) else None)
    _check(settings)
    lock = _lock(settings, engine)
    try:
        return _restore(settings, engine, lock, source, show, footprint)
    finally:
        lock.release()
        engine.dispose()
        footprint.leave()


def _restore(
    settings: Settings, engine: Engine, lock: ServerLock, source: Path, show: Show, footprint: Footprint
) -> RestoreReport:
    restoring = None
    try:
        location = Location(settings.storage, settings.blob_folder)
        blobs = location.blobs(settings.blob_cache_folder, settings.cache_gb << 30)
        restoring = Restoring(UnitOfWork(engine, Broker(), lock), blobs, location, settings.data)
        return restoring.run(source, show)
    except BaseException:
        if restoring is None or restoring.clear():
            engine.dispose()
            footprint.remove()
        raise


def _lock(settings: Settings, engine: Engine) -> ServerLock:
    """Take the installation; the database is closed where another server holds it."""
    try:
        return ServerLock(settings.data, engine)
    except BaseException:
        engine.dispose()
        raise


def _check(settings: Settings) -> None:
    if settings.runner != "local":
        raise Invalid(f"runner {settings.runner!r} is not known; this version runs jobs with runner = local")
    try:
        settings.data.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Unavailable(f"the data folder {settings.data} cannot be made: {error.strerror}") from error


def _detectors(settings: Settings, memory: int) -> Detectors:
    return Detectors(parallel=settings.predict_threads, load_foreign=partial(load_onnx, memory=memory))


def _connect(settings: Settings, engine: Engine, lock: ServerLock) -> Application:
    broker = Broker()
    uow = UnitOfWork(engine, broker, lock)
    location = Location(settings.storage, settings.blob_folder)
    settle(uow, location)
    limit = settings.cache_gb << 30
    blobs = with_originals(uow, location.blobs(settings.blob_cache_folder, limit), settings.cache_folder, limit)
    memory = model_memory(settings.model_memory_mb)
    inputs = Inputs(uow, blobs, memory)
    keeper = Keeper()
    kinds: dict[str, JobKind[Transaction]] = {}
    store = DatabaseJobStore(uow, lambda kind: kinds[kind].adopt)
    scheduler = Scheduler(store, LocalRunner(), kinds, settings.jobs_folder)
    queue = Queue(uow, scheduler.wake)
    versions = Versions(uow, blobs, settings.incoming_folder)
    uploads = Uploads(uow, settings.upload_folder)
    images = Images(uow, blobs, settings.cache_folder)
    largest = settings.max_archive_gb << 30
    imports = Imports(uow, blobs, uploads, queue, Sources(uow, settings.data, settings.import_from, largest))
    video_frames = VideoFrames(uow, blobs)
    pretrained = Pretrained(uow, blobs, queue, settings.hub)
    training = Training(uow, blobs, versions, inputs, queue, pretrained)
    originals = Originals(uow, blobs)
    services: Mapping[str, Any] = {
        "training": training,
        "estimates": Estimates(training, versions, inputs, queue),
        "sweeps": Sweeps(training, queue),
        "evaluation": Evaluation(uow, blobs, versions, inputs, queue),
        "runs": Runs(uow, blobs, images.previews, inputs, queue),
        "labelling": Labelling(uow, inputs, queue),
        "imports": imports,
        "exports": Exports(uow, versions, inputs, queue),
        "samples": Samples(uow, imports, queue),
        "variants": Variants(uow, blobs, versions, inputs, queue),
        "pretrained": pretrained,
        "checkups": Checkups(uow, inputs, queue),
        "copying_in": CopyingIn(uow, originals, queue),
        "label_checks": LabelChecks(uow, blobs, inputs, queue),
        "image_maps": ImageMaps(uow, blobs, inputs, queue),
        "videos": Videos(uow, blobs, uploads, queue),
        "sampling": Sampling(uow, blobs, video_frames, queue),
    }
    kinds.update({service.kind.name: service.kind for service in services.values()})
    previews = images.previews
    return Application(
        settings=settings,
        broker=broker,
        uow=uow,
        blobs=blobs,
        access=Access(uow),
        signing_in=SigningIn(uow),
        accounts=Accounts(uow),
        tokens=Tokens(uow),
        members=Members(uow),
        audit=Audit(uow),
        idempotency=Idempotency(uow),
        projects=Projects(uow),
        classes=Classes(uow),
        class_changes=ClassChanges(uow),
        images=images,
        annotations=Annotations(uow),
        assisting=Assisting(
            uow, blobs, settings.predict_threads, Networks(uow, blobs, settings.data / "assist", memory)
        ),
        proposals=Proposals(uow),
        import_undo=ImportUndo(uow),
        work=Reviewing(uow),
        comments=Comments(uow),
        views=Views(uow),
        figures=Figures(uow),
        agreements=Agreements(uow),
        presence=Presence(broker),
        tags=Tags(uow),
        metadata=Metadata(uow),
        originals=originals,
        splitting=Splitting(uow),
        deciding=Deciding(uow),
        deciding_many=DecidingMany(uow),
        similar=SimilarImages(uow, blobs, inputs, settings.cache_folder / "features"),
        versions=versions,
        version_changes=VersionChanges(uow, blobs, versions),
        training_help=TrainingHelp(uow, blobs),
        uploads=uploads,
        video_frames=video_frames,
        following=Following(uow, video_frames, settings.predict_threads),
        tracks=Tracks(uow),
        track_files=TrackFiles(uow, video_frames, uploads, settings.incoming_folder),
        jobs=Jobs(uow, scheduler),
        reports=Reports(uow, blobs),
        models=Models(uow, blobs, _detectors(settings, memory), memory),
        backups=Backups(uow, blobs, keeper, settings.incoming_folder),
        scheduler=scheduler,
        housekeeping=Housekeeping(uow, blobs, previews, settings.upload_folder, settings.trash_days, keeper),
        engine=engine,
        lock=lock,
        by_kind={service.kind.name: service for service in services.values()},
        **services,
    )
