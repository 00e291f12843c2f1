"""How often one may try to sign in: so many times at once, then now and then."""

import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address

from boxwright.domain.errors import TooManyAttempts
from boxwright.storage.repositories.text import fold


@dataclass(frozen=True, slots=True)
class Limit:
    """`burst` tries at once, one more every `seconds`."""

    burst: int
    seconds: float


PER_NAME, PER_ADDRESS = Limit(10, 30.0), Limit(30, 10.0)
_MOST = 10_000
Key = tuple[str, str]


class Attempts:
    """Counts tries per name and per address, in memory: one server writes, and a restart is no way in. Thread-safe."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        # When the last of the tries that were made will be forgiven.
        self._until: dict[Key, float] = {}

    def spend(self, name: str, address: str | None) -> None:
        """Count a try. Raises TooManyAttempts, which counts as none."""
        keys = _keys(name, address)
        with self._lock:
            now = self._clock()
            # Who is stopped for the address uses up nothing of what others have for the name.
            wait = max(self._until.get(key, now) - now - limit.seconds * (limit.burst - 1) for key, limit in keys)
            if wait > 0:
                seconds = math.ceil(wait)
                message = f"too many attempts to sign in; try again in {seconds} seconds"
                raise TooManyAttempts(message, detail={"retry_after": seconds})
            for key, limit in keys:
                self._until[key] = max(self._until.get(key, now), now) + limit.seconds
            self._shrink(now)

    def forgive(self, name: str, address: str | None) -> None:
        """Take back the try that succeeded, and forget those for the name."""
        with self._lock:
            (name_key, _), (address_key, limit) = _keys(name, address)
            self._until.pop(name_key, None)
            if address_key in self._until:
                self._until[address_key] -= limit.seconds

    def _shrink(self, now: float) -> None:
        if len(self._until) > _MOST:
            self._until = {key: until for key, until in self._until.items() if until > now}
        while len(self._until) > _MOST:
            del self._until[next(iter(self._until))]


def _keys(name: str, address: str | None) -> tuple[tuple[Key, Limit], tuple[Key, Limit]]:
    return (("name", fold(name)), PER_NAME), (("address", _network(address)), PER_ADDRESS)


def _network(address: str | None) -> str:
    """Return the address; of IPv6 its first half, for one person has the other half to choose from."""
    try:
        parsed = ip_address((address or "").partition("%")[0])
    except ValueError:
        return address or ""
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is None:
        return str(int(parsed) >> 64)
    return str(parsed)
