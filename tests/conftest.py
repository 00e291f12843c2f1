"""What every test shares: the outside world is closed, and the real data is where people keep it."""

from __future__ import annotations

import ipaddress
import os
import sys
from pathlib import Path

import pytest
from hypothesis import settings

pytest_plugins = ["stores", "apps", "live", "buckets"]

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("BOXWRIGHT_TEST_DATA", ROOT.parent / "shared" / "data"))

# Everybody tries the same examples, so that what fails for one fails for all; `make soak` looks for others.
settings.register_profile("same", derandomize=True, deadline=None)
settings.register_profile("search", deadline=None)
settings.load_profile("same")


def _is_local(host: object) -> bool:
    if not isinstance(host, str) or host in {"", "localhost"}:
        return True
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def _deny_outgoing(event: str, arguments: tuple[object, ...]) -> None:
    if event not in {"socket.connect", "socket.sendto"}:
        return
    address = arguments[1]
    if isinstance(address, tuple) and address and not _is_local(address[0]):
        raise PermissionError(f"a test tried to reach {address[0]}: nothing may leave the machine")


# An audit hook cannot be removed, and that is the point: it also holds for threads and for code run at import.
sys.addaudithook(_deny_outgoing)


@pytest.fixture(scope="session")
def data_root() -> Path:
    """The shared real data (never copied into the repository); skips where it is missing."""
    if not DATA.is_dir():
        pytest.skip(f"no test data in {DATA} (set BOXWRIGHT_TEST_DATA)")
    return DATA
