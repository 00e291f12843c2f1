"""Many vectors on a plane, so that what is alike lies together: PCA, then t-SNE (van der Maaten and Hinton, 2008).

t-SNE compares each with each, which is quick for a few thousand. Of more, so many are laid out and the others put
between those of them that they are most alike.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
LANDMARKS = 1500
_DIMENSIONS, _PERPLEXITY, _ROUNDS = 50, 30.0, 300
_EARLY, _PUSH = 100, 12.0
_NEAREST, _CHUNK = 5, 4096


def project(
    vectors: NDArray[Any], *, seed: int = 0, landmarks: int = LANDMARKS, tick: Callable[[float], None] = lambda _: None
) -> Floats:
    """Return places (n, 2), within -1 to 1, of vectors (n, d). `tick` is told the share that is done."""
    n = len(vectors)
    if n < 4:
        return np.asarray([(2 * i / max(1, n - 1) - 1, 0.0) for i in range(n)], np.float32).reshape(n, 2)
    reduced = principal(vectors, min(_DIMENSIONS, n, vectors.shape[1]))
    random = np.random.default_rng(seed)
    chosen = np.sort(random.choice(n, landmarks, replace=False)) if n > landmarks else np.arange(n)
    places = tsne(reduced[chosen], tick=tick)
    if len(chosen) < n:
        places = _between(reduced, reduced[chosen], places, random)
    spread = np.abs(places - places.mean(0)).max()
    return np.asarray((places - places.mean(0)) / max(spread, 1e-9), np.float32)


def principal(vectors: NDArray[Any], dimensions: int) -> Floats:
    """Return the vectors in the directions in which they differ most, the first one first."""
    parts = [slice(start, start + _CHUNK) for start in range(0, len(vectors), _CHUNK)]
    mean = vectors.mean(0, dtype=np.float32)
    spread = np.zeros((vectors.shape[1],) * 2)
    for part in parts:
        off = vectors[part].astype(np.float32) - mean
        spread += off.T @ off
    basis = directions(spread, dimensions)
    return np.concatenate([(vectors[part].astype(np.float32) - mean) @ basis for part in parts]).astype(np.float32)


def directions(spread: NDArray[np.float64], dimensions: int) -> Floats:
    """Return the directions (d, k) in which vectors with this covariance (d, d) differ most, the first one first."""
    values, found = np.linalg.eigh(spread)
    found = found[:, np.argsort(values)[::-1][:dimensions]]
    # A direction has two signs: the one whose largest part is positive, so that a map is not mirrored by chance.
    largest = found[np.abs(found).argmax(0), np.arange(found.shape[1])]
    return np.ascontiguousarray(found * np.where(largest < 0, -1, 1), np.float32)


def tsne(points: Floats, *, tick: Callable[[float], None] = lambda _: None) -> Floats:
    """Return places (n, 2) of points (n, d); they begin as their first two components, so no luck is in it."""
    n = len(points)
    wanted = affinities(_distances(points), min(_PERPLEXITY, (n - 1) / 3))
    start = points[:, :2] if points.shape[1] > 1 else np.concatenate([points, np.zeros_like(points)], 1)
    places = np.asarray(start / max(float(start[:, 0].std()), 1e-9) * 1e-2, np.float32)
    step, gains = np.zeros_like(places), np.ones_like(places)
    rate = max(50.0, n / _PUSH)
    for number in range(_ROUNDS):
        near = 1 / (1 + _distances(places))
        np.fill_diagonal(near, 0)
        share = near / max(float(near.sum()), 1e-9)
        pull = wanted * _PUSH if number < _EARLY else wanted
        force = (pull - share) * near
        slope = 4 * (force.sum(1, keepdims=True) * places - force @ places)
        gains = np.where(np.sign(slope) != np.sign(step), gains + 0.2, gains * 0.8).clip(0.01)
        step = (0.5 if number < _EARLY else 0.8) * step - rate * gains * slope
        places = np.asarray(places + step, np.float32)
        places -= places.mean(0)
        tick((number + 1) / _ROUNDS)
    return places


def affinities(distances: Floats, perplexity: float) -> Floats:
    """Return how much each point looks for each other, in all 1; each for about as many as `perplexity` says."""
    n = len(distances)
    low, high, beta = np.zeros(n), np.full(n, np.inf), np.ones(n)
    scale = np.maximum(np.median(distances, 1), 1e-12)
    relative = np.asarray(distances / scale[:, None], np.float32)
    np.fill_diagonal(relative, np.inf)
    nearest = relative.min(1, keepdims=True)
    for _ in range(50):
        shares = np.exp(-(relative - nearest) * beta[:, None].astype(np.float32))
        total = shares.sum(1)
        with np.errstate(invalid="ignore"):
            mean = np.where(np.isfinite(relative), relative - nearest, 0)
        entropy = np.log(total) + beta * (shares * mean).sum(1) / total
        much = entropy > np.log(perplexity)
        low, high = np.where(much, beta, low), np.where(much, high, beta)
        beta = np.where(np.isinf(high), beta * 2, (low + np.where(np.isinf(high), 0, high)) / 2)
    shares = shares / np.maximum(shares.sum(1, keepdims=True), 1e-12)
    return np.asarray((shares + shares.T) / (2 * n), np.float32)


def _distances(points: Floats) -> Floats:
    squares = (points**2).sum(1)
    found = squares[:, None] + squares[None] - 2 * (points @ points.T)
    return np.asarray(np.maximum(found, 0), np.float32)


def _between(points: Floats, known: Floats, places: Floats, random: np.random.Generator) -> Floats:
    """Put each point among the landmarks that it is nearest to."""
    found = np.empty((len(points), 2), np.float32)
    squares = (known**2).sum(1)
    for start in range(0, len(points), _CHUNK):
        part = points[start : start + _CHUNK]
        far = np.maximum((part**2).sum(1)[:, None] + squares[None] - 2 * (part @ known.T), 0)
        near = np.argpartition(far, _NEAREST, 1)[:, :_NEAREST]
        weight = 1 / (np.take_along_axis(far, near, 1) + 1e-6)
        weight /= weight.sum(1, keepdims=True)
        found[start : start + _CHUNK] = (places[near] * weight[..., None]).sum(1)
    jitter = random.normal(0, 0.003 * max(float(places.std()), 1e-9), found.shape)
    return np.asarray(found + jitter, np.float32)
