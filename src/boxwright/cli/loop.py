"""The steps of `boxwright quickstart`: each takes up what a former run has left."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from boxwright.cli.failures import wrong_use
from boxwright.cli.following import follow
from boxwright.cli.refs import find_or_make
from boxwright.cli.results import save_results
from boxwright.domain.errors import Unavailable
from boxwright.domain.jobs import FINISHED, Job
from boxwright.domain.models import class_scores
from boxwright.domain.requests import ExportRequest, PredictRequest, SampleRequest, TrainRequest

if TYPE_CHECKING:
    from boxwright.client import Client
    from boxwright.domain.models import Model
    from boxwright.domain.predictions import Run
    from boxwright.domain.projects import Project

RUN_NAME = "quickstart"
_ARCHITECTURE = "wren-n"
# What a run keeps, so that the pages can show less sure detections too.
_KEPT_SCORE = 0.05


@dataclass(frozen=True, kw_only=True, slots=True)
class Wish:
    """What to go through the loop with."""

    project: str
    seed: int
    images: int
    hyper: Mapping[str, object]


def prepare(client: "Client", wish: Wish) -> tuple["Project", bool]:
    """Return the project with the sample in it, and whether it was there. Raises Unavailable where nobody can train."""
    if not client.system().can_train:
        raise Unavailable("training needs more packages: pip install 'boxwright[train]'", code="extra_missing")
    project = find_or_make(client, wish.project)
    job = _rendering(client, project)
    if job is not None:  # begun by the server on its first start
        follow(client, job)
    elif not project.images:
        request = SampleRequest(project_id=project.id, seed=wish.seed, images=wish.images)
        follow(client, client.jobs.start(request))
    elif not project.annotations:
        wrong_use(f"project {project.name!r} has images but no annotations; label them, or name another --project")
    else:
        return project, True
    return client.projects.get(project.id), False


def _rendering(client: "Client", project: "Project") -> Job | None:
    jobs = client.jobs.all(project.id, kind="sample")
    return next((job for job in jobs if job.state not in FINISHED), None)


def learn(client: "Client", project: "Project", wish: Wish) -> tuple["Model", Job | None]:
    """Return a model of the project's present state: one that is there, or a new one and its job."""
    version = client.versions.create(project.id)
    for model in client.models.all(project.id):
        if model.version_id == version.id and _like(model, wish.hyper):
            return model, None
    request = TrainRequest(
        project_id=project.id, architecture=_ARCHITECTURE, version_id=version.id, hyper=wish.hyper, name=RUN_NAME
    )
    job = follow(client, client.jobs.start(request), keep=True)
    return client.models.get(str((job.result or {}).get("model_id"))), job


def _like(model: "Model", hyper: Mapping[str, object]) -> bool:
    own = model.card.hyper or {}
    return model.architecture == _ARCHITECTURE and all(own.get(name) == value for name, value in hyper.items())


def look(client: "Client", model: "Model") -> "Run | None":
    """Return a run of the model over the images without split; None where there are none."""
    splits = {item.split: item.images for item in client.projects.counts(model.project_id).splits}
    if not splits.get("none"):
        return None
    for run in client.runs.all(model.project_id):
        if (run.name, run.model_id) == (RUN_NAME, model.id) and run.images == run.done == splits["none"]:
            return run
    run = client.runs.create(
        model.project_id,
        model.id,
        name=RUN_NAME,
        source="project",
        split="none",
        score_threshold=min(*class_scores(model.card), _KEPT_SCORE),
        iou_threshold=model.card.iou_threshold,
    )
    follow(client, client.jobs.start(PredictRequest(project_id=run.project_id, run_id=run.id)), keep=True)
    return client.runs.get(run.id)


def take_away(client: "Client", project: "Project", model: "Model", run: "Run | None", out: Path) -> list[Path]:
    """Write model, dataset and detections into a folder, over what a former run has written; return the paths."""
    out.mkdir(parents=True, exist_ok=True)
    return [
        client.models.download(model.id, out / "model.zip"),
        _dataset(client, project, out),
        *(save_results(client, run, ["csv", "images"], out / "found", None) if run else ()),
    ]


def _dataset(client: "Client", project: "Project", out: Path) -> Path:
    job = follow(client, client.jobs.start(ExportRequest(project_id=project.id, format="coco")))
    files = (job.result or {}).get("files")
    name = str(files["export"]) if isinstance(files, Mapping) else "export.zip"
    return client.jobs.download(job.id, name, out / "dataset-coco.zip")
