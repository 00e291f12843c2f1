"""How much of a campaign is run, where one property is tried at many places or moments.

`make test` meets each place and each kind once, in turn; `make soak` sets BOXWRIGHT_THOROUGH=1 and runs all of it.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TypeVar

THOROUGH = os.environ.get("BOXWRIGHT_THOROUGH") == "1"
T = TypeVar("T")


def turn(everything: Sequence[T], number: int) -> Sequence[T]:
    """All of it where tests are thorough; otherwise the one whose turn it is."""
    return everything if THOROUGH else (everything[number % len(everything)],)
