"""Downloads from an address that a person gave: never from inside the network of this machine unless that is allowed.

The name is resolved here, every address it has is looked at, and the connection goes to the very address that was
looked at, so that no second answer of a name server leads elsewhere. Each redirect is checked as the first address was.
Proxies of the environment are not used: they would resolve the name again.
"""

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from pathlib import Path

import httpx

from boxwright.domain.addresses import shown
from boxwright.domain.errors import Forbidden, Invalid, NotFound, TooLarge, Unavailable
from boxwright.storage.files import full_disk_is_an_answer

REDIRECTS, ATTEMPTS = 5, 4
LONGEST = 6 * 3600.0
# Whoever sends less than this holds a place in the queue for nothing.
SLOWEST, FIRST_LOOK = 1024, 60.0
_TIMEOUT = httpx.Timeout(30.0, connect=10.0)
# Networks whose addresses hold one of IPv4: NAT64 and 6to4.
_WRAPPED = {IPv6Network("64:ff9b::/96"): 0, IPv6Network("2002::/16"): 80}
Address = IPv4Address | IPv6Address


@dataclass(frozen=True, kw_only=True)
class Rules:
    """What a download may be.

    Args:
        largest: bytes.
        allowed: tells whether an address (a URL) may lie inside the network, because an administrator named it.
        progress: told bytes done and bytes in all, 0 where nobody knows; may raise Cancelled.
        pause: seconds before a connection that was cut is tried again.
    """

    largest: int
    allowed: Callable[[str], bool] = lambda _url: False
    progress: Callable[[int, int], None] = lambda _done, _total: None
    pause: float = 1.0


def download(url: str, target: Path, rules: Rules) -> None:
    """Bring what lies at `url` to `target`, where it appears only when it is whole; a cut connection goes on.

    Raises:
        Forbidden: code `address_private`.
        Invalid: code `source_invalid`: no address of a file.
        NotFound: code `source_missing`.
        TooLarge: more than `rules.largest`.
        Unavailable: code `source_unreachable`, or `source_slow`.
        Cancelled: `rules.progress` raised it.
    """
    part = target.with_name(f"{target.name}.part")
    part.unlink(missing_ok=True)
    pull = _Pull(part, rules)
    context = httpx.create_ssl_context()
    with httpx.Client(timeout=_TIMEOUT, trust_env=False, verify=context) as http:
        for attempt in range(ATTEMPTS):
            try:
                if pull.go_on(http, url):
                    part.replace(target)
                    return
            except httpx.RequestError as error:
                if attempt == ATTEMPTS - 1:
                    raise _unreachable(url, type(error).__name__) from error
            time.sleep(rules.pause)
    raise _unreachable(url, "the connection is cut each time")


class _Pull:
    """One download over several connections."""

    def __init__(self, part: Path, rules: Rules) -> None:
        self._part, self._rules = part, rules
        self._mark = ""
        self._begin = time.monotonic()

    def go_on(self, http: httpx.Client, url: str) -> bool:
        """Take what comes; tells whether that was all."""
        have = self._part.stat().st_size if self._part.exists() else 0
        headers = {"Range": f"bytes={have}-", "If-Range": self._mark} if have and self._mark else {}
        with opened(http, url, self._rules.allowed, headers) as answer:
            _check(url, answer)
            more = answer.status_code == httpx.codes.PARTIAL_CONTENT
            have = have if more else 0
            self._mark = _mark_of(answer)
            length = int(answer.headers.get("content-length") or 0)
            total = have + length if length else 0
            self._limit(max(have, total))
            with full_disk_is_an_answer(), self._part.open("ab" if more else "wb") as out:
                for piece in answer.iter_raw():
                    have += len(piece)
                    self._limit(have)
                    self._pace(have, url)
                    out.write(piece)
                    self._rules.progress(have, total)
        return have >= total

    def _limit(self, size: int) -> None:
        if size > self._rules.largest:
            raise TooLarge(f"what lies there is larger than the limit of {self._rules.largest / (1 << 30):.3g} GiB")

    def _pace(self, have: int, url: str) -> None:
        taken = time.monotonic() - self._begin
        if taken > LONGEST or (taken > FIRST_LOOK and have < SLOWEST * taken):
            message = f"{shown(url)} sends too slowly; download it by other means, and import the file"
            raise Unavailable(message, code="source_slow")


@contextmanager
def opened(
    http: httpx.Client, url: str, allowed: Callable[[str], bool], headers: dict[str, str]
) -> Iterator[httpx.Response]:
    """Open an address, over at most five redirects, each of them checked. Raises Forbidden, Invalid, Unavailable."""
    secure = False
    for _ in range(REDIRECTS + 1):
        target = parsed(url)
        if secure and target.scheme != "https":
            raise Invalid("the address leads from https to http, which is not followed", code="source_invalid")
        secure = target.scheme == "https"
        name = target.raw_host.decode("ascii")
        address = checked_address(name, target.port or (443 if secure else 80), inside=allowed(url))
        pinned = target.copy_with(host=str(address))
        asked = {**headers, "Host": target.netloc.decode("ascii"), "Accept-Encoding": "identity"}
        with http.stream("GET", pinned, headers=asked, extensions={"sni_hostname": name}) as answer:
            if not answer.has_redirect_location:
                yield answer
                return
            url = str(target.join(answer.headers["location"]))
    raise Invalid(f"the address leads on more than {REDIRECTS} times", code="source_invalid")


def parsed(url: str) -> httpx.URL:
    """Read an address of the web. Raises Invalid."""
    try:
        found = httpx.URL(url)
    except (httpx.InvalidURL, ValueError) as error:
        raise Invalid("the address is none; one looks like https://HOST/FILE.zip", code="source_invalid") from error
    if found.scheme not in ("http", "https") or not found.host:
        raise Invalid("the address must begin with https:// or http:// and name a host", code="source_invalid")
    if found.userinfo:
        raise Invalid("the address holds a password; give one without (or a signed link)", code="source_invalid")
    return found


def checked_address(host: str, port: int, *, inside: bool = False) -> Address:
    """Return the address to connect to. Raises Unavailable; Forbidden where any that the name has lies inside.

    Addresses of the local link are refused in any case: machines in a cloud find their secrets there.
    """
    try:
        found = socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Unavailable(f"the name {host[:200]} is not known", code="source_unreachable") from error
    addresses = [ip_address(str(item[4][0]).partition("%")[0]) for item in found]
    if any(_real(item).is_link_local or not (inside or is_public(item)) for item in addresses):
        message = f"{host[:200]} lies inside this server's own network: an administrator may allow it with import_from"
        raise Forbidden(message, code="address_private")
    return addresses[0]


def is_public(address: Address) -> bool:
    """Tell whether an address is one of the open internet, also where it is wrapped into one of IPv6."""
    real = _real(address)
    return real.is_global and not (real.is_multicast or real.is_reserved or real.is_unspecified)


def _real(address: Address) -> Address:
    if isinstance(address, IPv4Address):
        return address
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    for network, shift in _WRAPPED.items():
        if address in network:
            return IPv4Address(int(address) >> shift & 0xFFFFFFFF)
    return address


def _mark_of(answer: httpx.Response) -> str:
    mark = str(answer.headers.get("etag") or "")
    return "" if mark.startswith("W/") else mark


def _check(url: str, answer: httpx.Response) -> None:
    if answer.is_success:
        return
    if answer.status_code in (401, 403, 404, 410):
        message = f"{shown(url)} answers {answer.status_code}: there is no file that may be read without an account"
        raise NotFound(message, code="source_missing")
    raise _unreachable(url, f"it answers {answer.status_code}")


def _unreachable(url: str, why: str) -> Unavailable:
    return Unavailable(f"{shown(url)} cannot be read ({why}); try again later", code="source_unreachable")
