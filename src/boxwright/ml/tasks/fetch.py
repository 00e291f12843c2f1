"""Task: download pretrained weights from a hub. Loads no torch."""

import time
from collections.abc import Mapping
from typing import Any

from boxwright.domain.errors import Invalid
from boxwright.domain.ports import TaskContext
from boxwright.ml.hub import Hub, Listing
from boxwright.ml.pretrained import fitting, pack

OUT = "weights.safetensors"
REPORT_SECONDS = 0.5


def run(params: Mapping[str, Any], context: TaskContext) -> dict[str, object]:
    """Download `params["repo"]` from `params["endpoint"]` and make it the one file that a training starts from.

    `params["licence"]` is what was accepted, as the hub writes it; `params["pause"]` the seconds between tries. A run
    that finds a part of a file goes on from it.

    Returns:
        `{"file", "model_type", "licence", "source", "commit"}`.

    Raises:
        Invalid: another licence than the one accepted, or a wrong checksum; NotFound, Unavailable; Cancelled.
    """
    started = time.monotonic()
    told = 0.0

    def tell(done: int, total: int) -> None:
        nonlocal told
        if done < total and time.monotonic() - told < REPORT_SECONDS:
            return
        told = time.monotonic()
        left = (time.monotonic() - started) / done * (total - done) if done else None
        context.progress(done, total, phase="downloading", seconds_left=left)

    repo, accepted = str(params["repo"]), str(params["licence"])

    def stopping() -> bool:
        return bool(context.stopping())

    folder = context.workdir / "download"
    with Hub(str(params["endpoint"]), tell, stopping, float(params.get("pause", 2.0))) as hub:
        listing = hub.listing(repo)
        _check_licence(hub.endpoint, listing, accepted)
        context.log(f"{repo} at {listing.commit[:12]}, licence {listing.licence}")
        hub.fetch(listing, folder)
    source = f"{hub.endpoint}/{repo}/tree/{listing.commit}"
    config = pack(folder, context.workdir / OUT, {"licence": str(params["said"]), "source": source})
    return {
        "file": OUT,
        "model_type": fitting(config)[0].model_type,
        "licence": listing.licence,
        "source": source,
        "commit": listing.commit,
    }


def _check_licence(endpoint: str, listing: Listing, accepted: str) -> None:
    """Raise Invalid where the hub now states another licence than the one that was accepted."""
    if listing.licence.lower() != accepted.lower():
        raise Invalid(
            f"{listing.repo} is now under the licence {listing.licence!r}, not {accepted!r}; look at "
            f"{endpoint}/{listing.repo}, and upload its folder if you accept that",
            code="licence_changed",
        )
