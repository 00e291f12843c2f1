"""Files on their way to the server, with progress."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from boxwright.cli.packing import pack
from boxwright.cli.progress import progress
from boxwright.domain.errors import BoxwrightError, NotFound, Unavailable

if TYPE_CHECKING:
    from boxwright.client import Client
    from boxwright.domain.exchange import Upload


def _send_any(client: "Client", path: Path) -> "Upload":
    """Upload a file, or a folder as an archive."""
    if not path.is_dir():
        return _send(client, path)
    with tempfile.TemporaryDirectory(prefix="boxwright-") as folder:
        archive = Path(folder) / f"{path.resolve().name or 'dataset'}.zip"
        with progress("packing") as show:
            pack(path, archive, lambda done, total: show(done, total, ""))
        return _send(client, archive)


def _send(client: "Client", path: Path) -> "Upload":
    with progress("uploading") as show:
        return client.uploads.send(path, progress=lambda done, total: show(done, total, path.name))


@contextmanager
def uploaded(client: "Client", path: Path) -> Iterator["Upload"]:
    """Upload a file or folder for the block, and throw it away afterwards where nobody has taken it.

    Where the server is out of reach it stays: a job may still need it.
    """
    upload = _send_any(client, path)
    try:
        yield upload
    except Unavailable:
        raise
    except BoxwrightError:
        _forget(client, upload)
        raise
    _forget(client, upload)


@contextmanager
def all_uploaded(client: "Client", paths: Sequence[Path]) -> Iterator[list[str]]:
    """Upload several files that belong together for the block; yields the ids in order. Each is thrown away after."""
    with ExitStack() as stack:
        yield [stack.enter_context(uploaded(client, path)).id for path in paths]


def _forget(client: "Client", upload: "Upload") -> None:
    with suppress(NotFound):
        client.uploads.delete(upload.id)
