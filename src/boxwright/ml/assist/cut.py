"""One object cut out of a window: colours and a guess of its place weighed against each other, then the best edge.

A graph cut alone (GrabCut; Rother, Kolmogorov and Blake, 2004) runs away where object and surroundings share colours:
over our pictures it is worse than an ellipse in the box. So the guess counts too, and only what is in doubt after
that is left to the cut.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from boxwright.ml.assist.colours import Colours
from boxwright.ml.assist.window import Flags, Floats, Rgb

_ROUNDS = 5
_COLOUR = 2.0
_CLIP = 3.0
_SURE = 0.9
_SOFT = 0.7


@dataclass(frozen=True, kw_only=True, slots=True)
class Guess:
    """What is thought of a window before its colours are looked at.

    `leaning` is a logarithm, over 0 for inside; nothing outside `room` can belong to the object; what is `inside` or
    `outside` was said by a hand and stands.
    """

    leaning: Floats
    room: Flags
    inside: Flags
    outside: Flags


def cut_out(pixels: Rgb, guess: Guess) -> Floats:
    """Return a field over the window's pixels that is over 0 in the object and crosses 0 at its edge."""
    belief = _weighed(Colours(pixels), guess)
    hard = _cut(pixels, belief, guess)
    return np.asarray(cv2.GaussianBlur(hard, (0, 0), _SOFT) - 0.5, np.float32)


def _weighed(colours: Colours, guess: Guess) -> Floats:
    """Return how surely each pixel is inside, 0 to 1."""
    belief = _sure(guess.leaning, guess)
    for _ in range(_ROUNDS):
        told = np.clip(colours.ratio(belief), -_CLIP, _CLIP) * _COLOUR
        belief = _sure(colours.guided(told) + guess.leaning, guess)
    return belief


def _sure(leaning: Floats, guess: Guess) -> Floats:
    belief = 1 / (1 + np.exp(-np.clip(leaning, -30, 30)))
    belief[~guess.room | guess.outside] = 0
    belief[guess.inside] = 1
    return np.asarray(belief, np.float32)


def _cut(pixels: Rgb, belief: Floats, guess: Guess) -> Floats:
    marks = np.where(belief > 0.5, cv2.GC_PR_FGD, cv2.GC_PR_BGD).astype(np.uint8)
    marks[belief > _SURE] = cv2.GC_FGD
    marks[(belief < 1 - _SURE) | ~guess.room | guess.outside] = cv2.GC_BGD
    marks[guess.inside] = cv2.GC_FGD
    if _both(marks):
        ours, theirs = np.zeros((1, 65)), np.zeros((1, 65))
        cv2.setRNGSeed(0)  # the same clicks give the same outline
        cv2.grabCut(np.ascontiguousarray(pixels), marks, (0, 0, 1, 1), ours, theirs, 1, cv2.GC_INIT_WITH_MASK)
    return np.asarray((marks == cv2.GC_FGD) | (marks == cv2.GC_PR_FGD), np.float32)


def _both(marks: NDArray[np.uint8]) -> bool:
    """Tell whether there is something to decide, and something on either side to learn from."""
    inside = int(np.count_nonzero(marks & 1))
    return 0 < inside < marks.size and bool((marks > 1).any())
