"""Which installed distributions Boxwright pulls in: the base for the licence check and the constraints file."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.metadata import Distribution, PackageNotFoundError, distribution

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name


def closure(extras: Iterable[str], root: str = "boxwright") -> dict[str, Distribution]:
    """Return every distribution that `root[extras]` needs on this machine, by canonical name, without `root`.

    Raises:
        SystemExit: A required distribution is not installed.
    """
    found: dict[str, Distribution] = {}
    seen: set[tuple[str, str]] = set()
    queue = [(root, extra) for extra in ("", *extras)]
    while queue:
        name, extra = queue.pop()
        if (name, extra) in seen:
            continue
        seen.add((name, extra))
        try:
            dist = distribution(name)
        except PackageNotFoundError:
            raise SystemExit(f"{name} is not installed: run `make environment` first.") from None
        found[canonicalize_name(name)] = dist
        queue += _needs(dist, extra)
    found.pop(root, None)
    return dict(sorted(found.items()))


def _needs(dist: Distribution, extra: str) -> list[tuple[str, str]]:
    """Requirements of `dist` that hold here for one of its extras ("" = none), as (name, extra) pairs."""
    pairs: list[tuple[str, str]] = []
    for text in dist.requires or []:
        requirement = Requirement(text)
        marker = requirement.marker
        wanted = extra == "" if marker is None else marker.evaluate({"extra": extra})
        if wanted:
            name = canonicalize_name(requirement.name)
            pairs += [(name, "")] + [(name, item) for item in requirement.extras]
    return pairs
