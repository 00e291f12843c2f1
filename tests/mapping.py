"""Looks at the images of a project: as a job of kind `embed` would, and one that is made up, without a network."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from boxwright import bootstrap
from boxwright.domain.clock import now
from boxwright.domain.image_maps import STARTER_NAME
from boxwright.domain.people import Caller
from boxwright.domain.requests import EmbedRequest
from boxwright.ml.selection.index import comparable, write_index
from boxwright.ml.selection.projection import project as lay_out
from boxwright.storage.repositories.image_maps import StoredMap
from learning import Recorder


def look_at_images(
    app: bootstrap.Application, project: str, caller: Caller, folder: Path, **request: Any
) -> dict[str, Any]:
    """Do what the queue does with a look; return its result."""
    from boxwright.ml.tasks.embed import run

    job = app.image_maps.submit(EmbedRequest(project_id=project, **request), caller)
    workdir = folder / job.id / "work"
    workdir.mkdir(parents=True)
    params = app.image_maps.prepare(job, workdir)
    result = run(json.loads(json.dumps(params)), Recorder(workdir))
    app.image_maps.stage(job, result, workdir)
    with app.uow.write() as tx:
        return dict(app.image_maps.adopt(tx, job, result, workdir))


def make_map_up(app: bootstrap.Application, project: str, images: list[str], folder: Path) -> None:
    """Let somebody have looked at the images: every other one is alike."""
    ids = sorted(images)
    random = np.random.default_rng(0)
    heaps = random.normal(0, 4, (2, 64))[np.arange(len(ids)) % 2]
    raw = (heaps + random.normal(0, 1, (len(ids), 64))).astype(np.float16)
    seen, path = comparable(raw), folder / "map"
    write_index(path, ids, raw, seen, lay_out(seen.vectors))
    stored = StoredMap(
        model_id=None,
        model_name=STARTER_NAME,
        network="made up",
        images=len(ids),
        sha256=app.blobs.put_file(path),
        made_at=now(),
    )
    with app.uow.write() as tx:
        tx.image_maps.put(project, stored)
