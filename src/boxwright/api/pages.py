"""The built front end: hashed assets for ever, everything else is `index.html` so that any view can be reloaded."""

from pathlib import Path

from fastapi import FastAPI
from fastapi.responses import FileResponse, HTMLResponse, Response
from starlette.staticfiles import StaticFiles

from boxwright.domain.errors import NotFound

_NOT_BUILT = (
    "<!doctype html><title>Boxwright</title><p>The front end is not built. Run <code>make web</code>; the API works."
)


def install(app: FastAPI, folder: Path) -> None:
    """Serve the front end from `folder`."""
    if (folder / "assets").is_dir():
        app.mount("/assets", StaticFiles(directory=folder / "assets"), name="assets")

    @app.get("/{path:path}", include_in_schema=False)
    def page(path: str) -> Response:
        if path.startswith("api/"):
            raise NotFound(f"there is no such address: /{path[:200]}")
        # Looked up, not joined: on Windows a back-slash in `path` would climb, and a long name is no file but an error.
        file = next((item for item in folder.glob("*") if item.name == path and item.is_file()), None)
        if file is not None:
            return FileResponse(file)
        index = folder / "index.html"
        if not index.is_file():
            return HTMLResponse(_NOT_BUILT)
        return FileResponse(index, headers={"cache-control": "no-cache"})
