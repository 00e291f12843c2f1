# Made from aio/api.py by scripts/sync_client.py: change that one, then run `make api`.
"""The client: one object, one attribute a subject."""

import os
from pathlib import Path
from typing import Self, cast

from boxwright.client.checkups import Checkups
from boxwright.client.comments import Comments
from boxwright.client.decode import decode
from boxwright.client.files import Progress, Uploads, download
from boxwright.client.http import Http
from boxwright.client.images import Annotations, Images
from boxwright.client.jobs import Jobs
from boxwright.client.models import Models, Runs
from boxwright.client.people import Audit, Members, Sessions, Tokens, Users
from boxwright.client.projects import Classes, Projects, Versions
from boxwright.client.similar import Similar
from boxwright.client.splits import Splits
from boxwright.client.suspicions import Suspicions
from boxwright.client.types import Health, System
from boxwright.client.videos import Tracks, Videos
from boxwright.client.views import Views
from boxwright.client.work import WorkOnImages
from boxwright.domain.people import Caller, SignInWays

DEFAULT_URL = "http://127.0.0.1:8080"
SERVER_VARIABLE = "BOXWRIGHT_SERVER"
TOKEN_VARIABLE = "BOXWRIGHT_TOKEN"  # noqa: S105  a name, no secret
# Before the first byte the server writes down all of its tables.
_BACKUP_SILENCE = 3600.0


class Client:
    """Speaks to a Boxwright server; answers are domain objects, refusals are domain errors.

    Example:
        with Client(token="...") as client:
            project = client.projects.create("cells")
            client.images.upload(project.id, Path("one.jpg"), split="train")

    Args:
        url: address of the server; `BOXWRIGHT_SERVER`, else http://127.0.0.1:8080.
        token: API token; `BOXWRIGHT_TOKEN` when omitted.
        timeout: seconds to wait for the next bytes of an answer.

    Every call raises Unavailable (`server_unreachable`, `server_timeout`) where the server cannot be reached, and the
    error of `boxwright.domain.errors` that the server answered otherwise: Invalid, NotFound, Conflict, ...
    """

    def __init__(self, url: str | None = None, token: str | None = None, *, timeout: float = 60.0) -> None:
        self._http = Http(
            url or os.environ.get(SERVER_VARIABLE) or DEFAULT_URL, token or os.environ.get(TOKEN_VARIABLE), timeout
        )
        self.projects = Projects(self._http)
        self.classes = Classes(self._http)
        self.versions = Versions(self._http)
        self.images = Images(self._http)
        self.splits = Splits(self._http)
        self.suspicions = Suspicions(self._http)
        self.similar = Similar(self._http)
        self.checkups = Checkups(self._http)
        self.annotations = Annotations(self._http)
        self.videos = Videos(self._http)
        self.tracks = Tracks(self._http)
        self.work = WorkOnImages(self._http)
        self.comments = Comments(self._http)
        self.views = Views(self._http)
        self.uploads = Uploads(self._http)
        self.jobs = Jobs(self._http)
        self.models = Models(self._http)
        self.runs = Runs(self._http)
        self.users = Users(self._http)
        self.members = Members(self._http)
        self.tokens = Tokens(self._http)
        self.sessions = Sessions(self._http)
        self.audit = Audit(self._http)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections."""
        self._http.close()

    @property
    def url(self) -> str:
        """The server's address."""
        return self._http.url

    def health(self) -> Health:
        """Return whether the server answers; needs no token."""
        return decode(Health, self._http.get("/health"))

    def me(self) -> Caller:
        """Return who the token belongs to."""
        return decode(Caller, self._http.get("/session"))

    def ways_to_sign_in(self) -> SignInWays:
        """Return whether there are accounts, and whether one-time links work; needs no token."""
        return decode(SignInWays, self._http.get("/sign-in"))

    def change_password(self, current: str, new: str) -> None:
        """Set a new password of the caller; every browser is signed out. Raises Invalid (`password_wrong`, ...)."""
        self._http.send("PUT", "/session/password", json={"current": current, "new": new})

    def system(self) -> System:
        """Return what the installation can do and how much room is left."""
        return decode(System, self._http.get("/system"))

    def sign_in_link(self) -> str:
        """Return a link that signs a browser in once. Raises Forbidden unless the caller is an administrator."""
        answer = cast("dict[str, str]", self._http.send("POST", "/session/links"))
        return f"{self.url}/#token={answer['token']}"

    def backup(self, target: Path, *, progress: Progress | None = None) -> Path:
        """Save everything the installation holds as one TAR; `boxwright restore` reads it. For administrators.

        It holds hashes of passwords: nobody but its owner may read the file.
        """
        return download(self._http, "/backup", target, progress=progress, secret=True, silence=_BACKUP_SILENCE)
