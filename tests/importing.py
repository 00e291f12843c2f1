"""A project that datasets are imported into, for tests."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from boxwright.bootstrap import Application
from boxwright.domain.people import Caller
from boxwright.domain.projects import Image
from boxwright.domain.queries import ImageQuery
from boxwright.domain.requests import ImportRequest
from scenes import coco_document, make_scene
from working import do, uploaded


class Desk:
    """A project that datasets are imported into."""

    def __init__(self, app: Application, folder: Path) -> None:
        self.app, self.folder = app, folder
        self.caller: Caller = app.access.ensure_local_user()
        self.project_id = app.projects.create(self.caller, "shapes").id

    def load(self, path: Path, **options: Any) -> dict[str, Any]:
        upload_id = options.pop("upload_id", None) or uploaded(self.app, self.caller, path)
        request = ImportRequest(project_id=self.project_id, upload_id=upload_id, **options)
        job = do(self.app, self.app.imports.submit(request, self.caller))
        assert job.state == "succeeded"
        assert job.result is not None
        return dict(job.result["report"])  # type: ignore[call-overload]

    def pictures(self) -> list[Image]:
        return list(self.app.images.page(self.project_id, ImageQuery(order="name"), None, 500).items)

    def document(self, name: str, change: Any = None, count: int = 3) -> Path:
        """A COCO file without pictures for the first training scenes."""
        value = coco_document([make_scene(number, name=f"train_{number:04d}.jpg") for number in range(count)])
        if change:
            change(value)
        path = self.folder / name
        path.write_text(json.dumps(value))
        return path
