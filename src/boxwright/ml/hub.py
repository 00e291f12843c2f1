"""Downloads from a model hub that speaks Hugging Face's routes: resumed where they broke off, and checked.

Two routes are all there is: `/api/models/{repo}/revision/{revision}?blobs=true` lists files with size and checksum (the
SHA-256 of a large file, git's SHA-1 of a small one) and tells the licence; `/{repo}/resolve/{commit}/{file}` sends one,
from any byte on. Nothing but these requests leaves the machine, and only when somebody asked for it. Loads no torch.
"""

import hashlib
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import httpx

from boxwright.domain.errors import Cancelled, Invalid, NotFound, Unavailable
from boxwright.ml.pretrained import CONFIG, FILES, WEIGHTS

ENDPOINT = "https://huggingface.co"
ATTEMPTS = 5
_CHUNK = 1 << 20
_LARGEST = 2 << 30
_TIMEOUT = httpx.Timeout(30.0, connect=10.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class HubFile:
    """A file: bytes, and a checksum of the kind `sha256` or `git` (SHA-1 over length and content)."""

    name: str
    size: int
    kind: str
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What a repository holds at a commit, and the licence that it states."""

    repo: str
    commit: str
    licence: str
    files: tuple[HubFile, ...]


class Hub:
    """One hub.

    Args:
        endpoint: its address.
        progress: told bytes done and bytes in all.
        stopping: asked between pieces whether to break off.
        pause: seconds to wait before a connection that was cut is tried again.
    """

    def __init__(
        self,
        endpoint: str,
        progress: Callable[[int, int], None] = lambda _done, _total: None,
        stopping: Callable[[], bool] = lambda: False,
        pause: float = 2.0,
    ) -> None:
        self.endpoint = endpoint.rstrip("/")
        self._progress, self._stopping, self._pause = progress, stopping, pause
        self._http = httpx.Client(timeout=_TIMEOUT, follow_redirects=True, headers={"User-Agent": "boxwright"})

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def listing(self, repo: str, revision: str = "main") -> Listing:
        """Ask what a repository holds. Raises NotFound, Unavailable, Invalid where its weights are not safetensors."""
        answer = self._ask(repo, f"/api/models/{repo}/revision/{revision}?blobs=true")
        try:
            value = answer.json()
            files = tuple(_file(item) for item in value["siblings"] if item["rfilename"] in FILES)
            found = Listing(repo=repo, commit=str(value["sha"]), licence=_licence(value), files=files)
        except (ValueError, KeyError, TypeError) as error:
            raise Unavailable(f"{self.endpoint} does not answer as a model hub does", code="hub_unreadable") from error
        missing = sorted({CONFIG, WEIGHTS} - {item.name for item in files})
        if missing:
            raise Invalid(f"{repo} has no {missing[0]}; only safetensors are taken, never pickles", code="hub_unsafe")
        if any(not 0 < item.size <= _LARGEST for item in files):
            raise Invalid(f"{repo} has weights over {_LARGEST >> 30} GiB", code="hub_unsafe")
        return found

    def fetch(self, listing: Listing, folder: Path) -> None:
        """Bring the files into a folder; what lies there from an earlier try is continued.

        Raises:
            Invalid: code `hub_checksum`: a file is not what the listing says; it is removed.
            Cancelled: asked to stop; what came stays.
            NotFound, Unavailable: the hub does not have it, or does not answer any more.
        """
        folder.mkdir(parents=True, exist_ok=True)
        total, before = sum(item.size for item in listing.files), 0
        for item in listing.files:
            path = folder / item.name
            if not path.is_file():
                self._bring(listing, item, folder / f"{item.name}.part", before, total)
                _check(item, folder / f"{item.name}.part", listing.repo)
                (folder / f"{item.name}.part").replace(path)
            before += item.size
            self._progress(before, total)

    def _bring(self, listing: Listing, item: HubFile, part: Path, before: int, total: int) -> None:
        """Append to `part` until it is whole, over as many connections as make progress."""
        failed = 0
        while (have := part.stat().st_size if part.exists() else 0) < item.size:
            fault: Exception = EOFError()
            try:
                self._append(listing, item, part, have, before, total)
            except httpx.RequestError as error:
                fault = error
            if part.exists() and part.stat().st_size > have:
                failed = 0
                continue
            # Also where it said that all went well: no hub that sends nothing is asked for ever.
            failed += 1
            if failed >= ATTEMPTS:
                raise self._offline(listing.repo, fault) from fault
            time.sleep(self._pause)

    def _append(self, listing: Listing, item: HubFile, part: Path, have: int, before: int, total: int) -> None:
        url = f"{self.endpoint}/{listing.repo}/resolve/{listing.commit}/{item.name}"
        headers = {"Accept-Encoding": "identity", **({"Range": f"bytes={have}-"} if have else {})}
        with self._http.stream("GET", url, headers=headers) as answer:
            self._check_status(listing.repo, answer)
            # A hub that knows no ranges sends all of it again.
            mode = "ab" if answer.status_code == httpx.codes.PARTIAL_CONTENT else "wb"
            have = have if mode == "ab" else 0
            with part.open(mode) as out:
                # As they come: what waits for a full piece would be lost with the connection.
                for piece in answer.iter_raw():
                    have += len(piece)
                    if have > item.size:
                        part.unlink()
                        raise _wrong(item, listing.repo)
                    out.write(piece)
                    self._progress(before + have, total)
                    if self._stopping():
                        raise Cancelled("the download was stopped; it goes on from here when it is resumed")

    def _ask(self, repo: str, path: str) -> httpx.Response:
        try:
            answer = self._http.get(self.endpoint + path)
        except httpx.HTTPError as error:
            raise self._offline(repo, error) from error
        self._check_status(repo, answer)
        return answer

    def _check_status(self, repo: str, answer: httpx.Response) -> None:
        if answer.is_success:
            return
        if answer.status_code in (401, 403, 404):
            raise NotFound(
                f"the hub {self.endpoint} has no {repo} that may be read without an account", code="hub_missing"
            )
        raise Unavailable(
            f"the hub {self.endpoint} answers {answer.status_code} for {repo}; try again later", code="hub_down"
        )

    def _offline(self, repo: str, error: Exception) -> Unavailable:
        return Unavailable(
            f"the hub {self.endpoint} cannot be reached ({type(error).__name__}); download {CONFIG} and {WEIGHTS} of "
            f"{repo} on another machine and bring them here: Upload weights, on the page Train, or "
            "`boxwright model add-weights FOLDER`",
            code="hub_offline",
        )


def _file(item: Mapping[str, Any]) -> HubFile:
    large = item.get("lfs")
    if large:
        return HubFile(name=item["rfilename"], size=int(large["size"]), kind="sha256", digest=str(large["sha256"]))
    return HubFile(name=item["rfilename"], size=int(item["size"]), kind="git", digest=str(item["blobId"]))


def _licence(value: Mapping[str, Any]) -> str:
    card = value.get("cardData") or {}
    tags = [str(tag).removeprefix("license:") for tag in value.get("tags") or () if str(tag).startswith("license:")]
    return str(card.get("license") or (tags[0] if tags else "unknown"))


def _check(item: HubFile, path: Path, repo: str) -> None:
    digest = hashlib.sha256() if item.kind == "sha256" else hashlib.sha1(usedforsecurity=False)
    if item.kind == "git":
        digest.update(f"blob {item.size}\0".encode())
    with path.open("rb") as source:
        while piece := source.read(_CHUNK):
            digest.update(piece)
    if digest.hexdigest() != item.digest:
        path.unlink()
        raise _wrong(item, repo)


def _wrong(item: HubFile, repo: str) -> Invalid:
    return Invalid(
        f"{item.name} of {repo} came with a wrong checksum and was thrown away; try again", code="hub_checksum"
    )
