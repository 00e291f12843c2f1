import pytest
from starlette.datastructures import Headers
from starlette.requests import Request

from boxwright.api.guards import Policy, client_address, is_loopback, is_this_machine, policy_of, refusal
from boxwright.domain.errors import Invalid
from boxwright.settings import Settings, default_data_dir

HOST = {"host": "127.0.0.1:8080"}


def policy(**settings: str) -> Policy:
    return policy_of(Settings(data=default_data_dir(), **settings))  # type: ignore[arg-type]


NETWORK = policy(host="0.0.0.0")
NAMED = policy(host="labels.lan")
PROXY = policy(public_url="https://labels.example.org/")


@pytest.mark.parametrize("host", ["127.0.0.1:8080", "localhost:8080", "[::1]:8080", "localhost"])
@pytest.mark.parametrize("doors", [policy(), NETWORK, PROXY], ids=["loopback", "network", "proxy"])
def test_this_machine_is_welcome(host: str, doors: Policy) -> None:
    assert refusal("GET", Headers({"host": host}), doors) is None
    assert refusal("POST", Headers({"host": host, "origin": f"http://{host}"}), doors) is None


FOREIGN = [
    ("GET", {"host": "evil.example:8080"}),
    ("GET", {"host": "127.0.0.1.evil.example"}),
    ("GET", {}),
    ("GET", {"host": "[::1].evil.example"}),
    ("POST", {**HOST, "origin": "http://evil.example"}),
    ("POST", {**HOST, "origin": "http://127.0.0.1:9999"}),
    ("POST", {**HOST, "origin": "null"}),
    ("PUT", {**HOST, "sec-fetch-site": "same-site"}),
    ("DELETE", {**HOST, "sec-fetch-site": "cross-site"}),
]


@pytest.mark.parametrize(("method", "headers"), FOREIGN)
@pytest.mark.parametrize("doors", [policy(), NETWORK, NAMED, PROXY], ids=["loopback", "network", "named", "proxy"])
def test_rebinding_and_other_sites_are_refused(method: str, headers: dict[str, str], doors: Policy) -> None:
    assert refusal(method, Headers(headers), doors) is not None


@pytest.mark.parametrize("header", [{"x-forwarded-for": "10.0.0.1"}, {"forwarded": "for=10.0.0.1"}])
def test_on_loopback_a_proxy_is_refused(header: dict[str, str]) -> None:
    assert refusal("GET", Headers({**HOST, **header})) is not None
    assert refusal("GET", Headers({**HOST, **header}), PROXY) is None


@pytest.mark.parametrize(
    ("doors", "host", "origin"),
    [
        (NETWORK, "192.0.2.7:8080", "http://192.0.2.7:8080"),
        (NETWORK, "[2001:db8::7]:8080", "http://[2001:db8::7]:8080"),
        (NAMED, "labels.lan:8080", "http://labels.lan:8080"),
        (PROXY, "labels.example.org", "https://labels.example.org"),
        (PROXY, "LABELS.example.org", "https://labels.example.org"),
        # A proxy that asks under its own idea of the name.
        (PROXY, "127.0.0.1:8080", "https://labels.example.org"),
    ],
)
def test_others_come_in_under_the_names_of_the_server(doors: Policy, host: str, origin: str) -> None:
    assert refusal("GET", Headers({"host": host}), doors) is None
    assert refusal("POST", Headers({"host": host, "origin": origin, "sec-fetch-site": "same-origin"}), doors) is None
    assert refusal("POST", Headers({"host": host, "origin": "https://evil.example.org"}), doors) is not None
    assert refusal("GET", Headers({"host": "other.lan"}), doors) is not None


def request(peer: str, **headers: str) -> Request:
    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in {**HOST, **headers}.items()]
    return Request({"type": "http", "client": (peer, 5), "headers": raw})


@pytest.mark.parametrize(
    ("doors", "asked", "here"),
    [
        (policy(), request("127.0.0.1"), True),
        (NETWORK, request("127.0.0.1"), True),
        (NETWORK, request("::ffff:127.0.0.1"), True),
        (NETWORK, request("192.0.2.9"), False),
        (NETWORK, request("127.0.0.1", host="192.0.2.7:8080"), False),
        (NETWORK, request("127.0.0.1", x_forwarded_for="127.0.0.1"), False),
        (PROXY, request("127.0.0.1"), False),
    ],
)
def test_who_is_surely_at_this_machine(doors: Policy, asked: Request, here: bool) -> None:
    assert is_this_machine(asked, doors) is here


def test_only_the_trusted_proxy_says_who_asks() -> None:
    said = {"x_forwarded_for": "203.0.113.66, 198.51.100.4"}
    assert client_address(request("127.0.0.1", **said), PROXY) == "198.51.100.4"
    assert client_address(request("192.0.2.9", **said), PROXY) == "192.0.2.9"
    assert client_address(request("127.0.0.1", **said), NETWORK) == "127.0.0.1"
    assert client_address(request("127.0.0.1"), PROXY) == "127.0.0.1"
    elsewhere = policy(public_url="https://labels.example.org", trusted_proxy="192.0.2.9")
    assert client_address(request("192.0.2.9", **said), elsewhere) == "198.51.100.4"


@pytest.mark.parametrize("url", ["labels.example.org", "ftp://x", "https://", "https://x.org/labels", "https://x?y=1"])
def test_a_public_url_is_one(url: str) -> None:
    with pytest.raises(Invalid, match="public_url"):
        policy(public_url=url)


def test_what_is_loopback() -> None:
    assert all(map(is_loopback, ("localhost", "127.0.0.1", "127.8.9.1", "::1", "[::1]")))
    assert not any(map(is_loopback, ("", "0.0.0.0", "::", "192.0.2.1", "127.0.0.1.evil.example", "testclient")))
