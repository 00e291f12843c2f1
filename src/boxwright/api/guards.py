"""ASGI guards in front of every route: the host the browser asked, the site it came from, what the page may load."""

import re
import socket
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from boxwright.api.errors import problem
from boxwright.domain.errors import Invalid
from boxwright.settings import Settings

_FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip")
_SAFE = ("GET", "HEAD", "OPTIONS")
_HOST = re.compile(r"(\[[0-9a-f:.]+\]|[^:\[\]]+)(:[0-9]+)?")
_LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
SECURITY_HEADERS = {
    "content-security-policy": (
        "default-src 'self'; img-src 'self' blob: data:; style-src 'self' 'unsafe-inline'; script-src 'self'; "
        "worker-src 'self' blob:; connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


@dataclass(frozen=True, kw_only=True)
class Policy:
    """Who may connect: only this machine, or others too, under an IP address or one of `hosts`."""

    network: bool = False
    hosts: frozenset[str] = frozenset()
    public_url: str = ""
    trusted_proxy: str = ""

    @property
    def secure(self) -> bool:
        """Whether people reach the pages through TLS."""
        return self.public_url.startswith("https://")


LOOPBACK = Policy()


def policy_of(settings: Settings) -> Policy:
    """Return what the settings ask for. Raises Invalid for a `public_url` that is none."""
    public = settings.public_url.rstrip("/")
    parts = urlsplit(public)
    if public and (parts.scheme not in ("http", "https") or not parts.hostname or parts.path or parts.query):
        message = f"setting 'public_url' should look like https://labels.example.org, not {settings.public_url!r}"
        raise Invalid(message, code="settings_invalid")
    if not public and is_loopback(settings.host):
        return LOOPBACK
    own = socket.gethostname().lower()
    hosts = {settings.host.lower(), own, f"{own}.local", (parts.hostname or own).lower()}
    return Policy(
        network=True,
        hosts=frozenset(hosts),
        public_url=public.lower(),
        trusted_proxy=settings.trusted_proxy if public else "",
    )


def is_loopback(host: str) -> bool:
    """Tell whether an address or the name `localhost` stands for this machine."""
    if host == "localhost":
        return True
    try:
        address = ip_address(host.strip("[]"))
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_loopback


class DoorGuard:
    """Refuse foreign Host and Origin (DNS rebinding, CSRF), and on loopback anything a proxy forwarded."""

    def __init__(self, app: ASGIApp, policy: Policy = LOOPBACK) -> None:
        self.app, self.policy = app, policy

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 403 or pass the request on."""
        if scope["type"] == "http":
            reason = refusal(scope["method"], Headers(scope=scope), self.policy)
            if reason:
                await problem(403, "foreign_request", reason)(scope, receive, send)
                return
        await self.app(scope, receive, send)


def refusal(method: str, headers: Headers, policy: Policy = LOOPBACK) -> str | None:
    """Return why a request is refused, or None."""
    if not policy.network and is_forwarded(headers):
        return "requests through a proxy are refused unless the setting public_url names their address"
    host = headers.get("host", "").lower()
    if not _welcome(_name(host), policy):
        hint = "set public_url to it" if policy.network else "open http://127.0.0.1 instead"
        return f"the address {host[:80]!r} is not one of this server; {hint}"
    if method in _SAFE:
        return None
    origin = headers.get("origin", "").lower()
    if origin and urlsplit(origin).netloc != host and origin != policy.public_url:
        return "requests from another site are refused"
    if headers.get("sec-fetch-site") in ("cross-site", "same-site"):
        return "requests from another site are refused"
    return None


def is_forwarded(headers: Headers) -> bool:
    """Tell whether a proxy says that it passed the request on."""
    return any(name in headers for name in _FORWARDED)


def client_address(request: HTTPConnection, policy: Policy) -> str | None:
    """Return the address of whoever asks: the other end of the line, or what the trusted proxy says it was."""
    peer = request.client.host if request.client else None
    if policy.trusted_proxy and peer == policy.trusted_proxy:
        # Only the last one was written by that proxy; those before it may be invented.
        said = request.headers.get("x-forwarded-for", "").rpartition(",")[2].strip()
        return said[:64] or peer
    return peer


def is_this_machine(request: HTTPConnection, policy: Policy) -> bool:
    """Tell whether the request was surely made on this machine; behind a proxy nothing is sure."""
    peer = request.client.host if request.client else ""
    host = _name(request.headers.get("host", ""))
    return not policy.public_url and is_loopback(peer) and is_loopback(host) and not is_forwarded(request.headers)


def _name(host: str) -> str:
    """Return a Host header without its port; nothing where it is none."""
    found = _HOST.fullmatch(host)
    return found[1] if found else ""


def _welcome(name: str, policy: Policy) -> bool:
    if is_loopback(name):
        return name in _LOOPBACK or policy.network
    return policy.network and (name in policy.hosts or _is_address(name))


def _is_address(name: str) -> bool:
    """Tell whether a host is an IP address: no foreign page can be served from one that is ours."""
    try:
        ip_address(name.strip("[]"))
    except ValueError:
        return False
    return True


class SecurityHeaders:
    """Add the security headers to every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and add the headers to its answer."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SECURITY_HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, with_headers)
