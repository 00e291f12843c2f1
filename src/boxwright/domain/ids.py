"""Identifiers: UUID version 7 (RFC 9562), so that ids sort by the time of their making."""

import os
import re
import time

# The two highest bits of what follows the 12 random bits say that this is such a UUID.
_VARIANTS = {f"{digit:x}": f"{digit & 3 | 8:x}" for digit in range(16)}
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def new_id() -> str:
    """Return a fresh lower-case UUIDv7 string: 48 bits of milliseconds, then 74 random bits."""
    return new_ids(1)[0]


def new_ids(count: int) -> list[str]:
    """Return many fresh ids, in order."""
    time_part = f"{time.time_ns() // 1_000_000:012x}"
    begin, noise = f"{time_part[:8]}-{time_part[8:]}-7", os.urandom(10 * count).hex()
    return sorted(
        f"{begin}{noise[at : at + 3]}-{_VARIANTS[noise[at + 3]]}{noise[at + 4 : at + 7]}-{noise[at + 7 : at + 19]}"
        for at in range(0, 20 * count, 20)
    )


def is_id(text: str) -> bool:
    """Tell whether `text` is a canonical lower-case UUID, the only spelling that is stored or looked up."""
    return _UUID.fullmatch(text) is not None
