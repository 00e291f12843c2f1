"""One transaction: commit first, then tell the listeners."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property

from sqlalchemy import Connection, Engine

from boxwright.domain.errors import Unavailable
from boxwright.domain.events import Event
from boxwright.domain.ports import EventSink
from boxwright.storage.engine import WRITE, is_sqlite
from boxwright.storage.faults import translated
from boxwright.storage.lock import ServerLock
from boxwright.storage.repositories.annotations import AnnotationRepository
from boxwright.storage.repositories.answers import AnswerRepository
from boxwright.storage.repositories.audit import AuditRepository
from boxwright.storage.repositories.checkups import CheckupRepository
from boxwright.storage.repositories.class_changes import ClassChangeRepository
from boxwright.storage.repositories.class_objects import ClassObjectRepository
from boxwright.storage.repositories.classes import ClassRepository
from boxwright.storage.repositories.comments import CommentRepository
from boxwright.storage.repositories.credentials import CredentialRepository
from boxwright.storage.repositories.image_maps import ImageMapRepository
from boxwright.storage.repositories.images import ImageRepository
from boxwright.storage.repositories.import_changes import ImportChangeRepository
from boxwright.storage.repositories.jobs import JobRepository
from boxwright.storage.repositories.labelers import LabelerRepository
from boxwright.storage.repositories.models import ModelRepository
from boxwright.storage.repositories.originals import OriginalRepository
from boxwright.storage.repositories.people import PeopleRepository
from boxwright.storage.repositories.projects import ProjectRepository
from boxwright.storage.repositories.proposals import ProposalRepository
from boxwright.storage.repositories.references import ReferenceRepository
from boxwright.storage.repositories.runs import RunRepository
from boxwright.storage.repositories.snapshots import SnapshotRepository
from boxwright.storage.repositories.splits import SplitRepository
from boxwright.storage.repositories.starting_weights import StartingWeightsRepository
from boxwright.storage.repositories.statistics import StatisticsRepository
from boxwright.storage.repositories.suspicions import SuspicionRepository
from boxwright.storage.repositories.totals import TotalsRepository
from boxwright.storage.repositories.tracks import TrackRepository
from boxwright.storage.repositories.uploads import UploadRepository
from boxwright.storage.repositories.variants import VariantRepository
from boxwright.storage.repositories.versions import VersionRepository
from boxwright.storage.repositories.videos import VideoRepository
from boxwright.storage.repositories.views import ViewRepository
from boxwright.storage.repositories.work import WorkRepository

_WRITER_SECONDS = 30


class Transaction:
    """The repositories of one open transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.totals = TotalsRepository(connection)
        self.events: list[Event] = []

    def publish(self, event: Event) -> None:
        """Tell the listeners, once this transaction is committed."""
        self.events.append(event)

    @cached_property
    def people(self) -> PeopleRepository:
        """Users, memberships, values of the installation."""
        return PeopleRepository(self._connection)

    @cached_property
    def credentials(self) -> CredentialRepository:
        """Sessions and API tokens."""
        return CredentialRepository(self._connection)

    @cached_property
    def audit(self) -> AuditRepository:
        """Who did what."""
        return AuditRepository(self._connection)

    @cached_property
    def projects(self) -> ProjectRepository:
        """Projects and their counts."""
        return ProjectRepository(self._connection, self.totals)

    @cached_property
    def classes(self) -> ClassRepository:
        """Label classes."""
        return ClassRepository(self._connection)

    @cached_property
    def class_objects(self) -> ClassObjectRepository:
        """Objects of classes, many at once."""
        return ClassObjectRepository(self._connection)

    @cached_property
    def class_changes(self) -> ClassChangeRepository:
        """Changes of classes, and what they touched."""
        return ClassChangeRepository(self._connection)

    @cached_property
    def images(self) -> ImageRepository:
        """Pictures."""
        return ImageRepository(self._connection, self.totals)

    @cached_property
    def annotations(self) -> AnnotationRepository:
        """Annotations, sets, revisions and the change log."""
        return AnnotationRepository(self._connection)

    @cached_property
    def work(self) -> WorkRepository:
        """Who works on which picture, and how far it is."""
        return WorkRepository(self._connection)

    @cached_property
    def labelers(self) -> LabelerRepository:
        """Who labels which picture for themselves."""
        return LabelerRepository(self._connection)

    @cached_property
    def comments(self) -> CommentRepository:
        """Comments on pictures."""
        return CommentRepository(self._connection)

    @cached_property
    def views(self) -> ViewRepository:
        """Saved views of the library."""
        return ViewRepository(self._connection)

    @cached_property
    def statistics(self) -> StatisticsRepository:
        """What figures about a project are counted from."""
        return StatisticsRepository(self._connection)

    @cached_property
    def proposals(self) -> ProposalRepository:
        """Proposals to review, and the runs that made them."""
        return ProposalRepository(self._connection)

    @cached_property
    def videos(self) -> VideoRepository:
        """Videos."""
        return VideoRepository(self._connection)

    @cached_property
    def tracks(self) -> TrackRepository:
        """Tracks of videos and their log."""
        return TrackRepository(self._connection)

    @cached_property
    def import_changes(self) -> ImportChangeRepository:
        """What imports did to pictures."""
        return ImportChangeRepository(self._connection)

    @cached_property
    def checkups(self) -> CheckupRepository:
        """What pictures look like."""
        return CheckupRepository(self._connection)

    @cached_property
    def suspicions(self) -> SuspicionRepository:
        """Labels that are likely wrong."""
        return SuspicionRepository(self._connection)

    @cached_property
    def image_maps(self) -> ImageMapRepository:
        """What images look like to a network."""
        return ImageMapRepository(self._connection)

    @cached_property
    def splits(self) -> SplitRepository:
        """Splits of whole projects, and their changes."""
        return SplitRepository(self._connection)

    @cached_property
    def versions(self) -> VersionRepository:
        """Dataset versions."""
        return VersionRepository(self._connection)

    @cached_property
    def models(self) -> ModelRepository:
        """Models and evaluations."""
        return ModelRepository(self._connection)

    @cached_property
    def variants(self) -> VariantRepository:
        """Models in other precisions, and which one predicts."""
        return VariantRepository(self._connection)

    @cached_property
    def starting_weights(self) -> StartingWeightsRepository:
        """Pretrained weights."""
        return StartingWeightsRepository(self._connection)

    @cached_property
    def jobs(self) -> JobRepository:
        """Jobs, metrics and log lines."""
        return JobRepository(self._connection)

    @cached_property
    def runs(self) -> RunRepository:
        """Prediction runs and their pictures."""
        return RunRepository(self._connection)

    @cached_property
    def answers(self) -> AnswerRepository:
        """Answers to requests with an Idempotency-Key."""
        return AnswerRepository(self._connection)

    @cached_property
    def references(self) -> ReferenceRepository:
        """What blobs are needed for."""
        return ReferenceRepository(self._connection)

    @cached_property
    def originals(self) -> OriginalRepository:
        """Pictures by reference."""
        return OriginalRepository(self._connection)

    @cached_property
    def snapshots(self) -> SnapshotRepository:
        """Whole tables, out of one database and into another."""
        return SnapshotRepository(self._connection)

    @cached_property
    def uploads(self) -> UploadRepository:
        """Resumable uploads."""
        return UploadRepository(self._connection)


class UnitOfWork:
    """Opens transactions. Thread-safe.

    Every block may raise what `faults.translated` does. A block that raises leaves nothing behind.
    """

    def __init__(self, engine: Engine, sink: EventSink, lock: ServerLock | None = None) -> None:
        self._engine = engine
        self._sink = sink
        self._lock = lock
        # SQLite has one writer; queueing here is fair, its busy handler is not.
        self._writer = threading.Lock() if is_sqlite(engine) else None

    @contextmanager
    def write(self) -> Iterator[Transaction]:
        """Open a transaction that commits at the end of the block and then publishes its events."""
        with translated(), self._one_writer(), self._engine.connect() as raw:
            connection = raw.execution_options(**{WRITE: True})
            with connection.begin():
                if self._lock is not None:
                    self._lock.check(connection)
                tx = Transaction(connection)
                yield tx
                tx.totals.flush()
        if tx.events:
            self._sink.publish(tx.events)

    @contextmanager
    def read(self) -> Iterator[Transaction]:
        """Open a transaction that sees one state of the database and changes nothing."""
        with translated(), self._engine.connect() as raw:
            connection = raw
            if not is_sqlite(raw):
                connection = raw.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            with connection.begin():
                yield Transaction(connection)

    @contextmanager
    def _one_writer(self) -> Iterator[None]:
        if self._writer is None:
            yield
            return
        if not self._writer.acquire(timeout=_WRITER_SECONDS):
            raise Unavailable("the database is busy; try again in a moment", code="database_busy")
        try:
            yield
        finally:
            self._writer.release()
