from __future__ import annotations

import socket
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest

from boxwright.domain.addresses import shown
from boxwright.domain.errors import Cancelled, Forbidden, Invalid, NotFound, TooLarge, Unavailable
from boxwright.storage.outgoing import Rules, checked_address, download, is_public, parsed
from file_server import Files, file_server

PUBLIC = "93.184.215.14"
DATA = bytes(range(256)) * 4096


@pytest.fixture
def files() -> Iterator[Files]:
    with file_server() as found:
        found.contents["/a.zip"] = DATA
        yield found


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """A name server: the addresses of each name, one answer after the other; the last one stays."""
    known: dict[str, list[str]] = {}
    real = socket.getaddrinfo

    def answer(host: Any, port: Any, *rest: Any, **more: Any) -> Any:
        if host not in known:
            return real(host, port, *rest, **more)
        answers = known[host]
        found = answers.pop(0) if len(answers) > 1 else answers[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in found.split()]

    monkeypatch.setattr(socket, "getaddrinfo", answer)
    return known


def rules(files: Files, **more: Any) -> Rules:
    return Rules(**({"largest": 1 << 24, "allowed": lambda url: url.startswith(files.base), "pause": 0} | more))


def test_a_file_comes_whole_and_a_cut_connection_goes_on(files: Files, tmp_path: Path) -> None:
    files.cuts = [100_000, 200_000]
    told: list[tuple[int, int]] = []
    download(f"{files.base}/a.zip?sig=x", tmp_path / "a", rules(files, progress=lambda *at: told.append(at)))
    assert (tmp_path / "a").read_bytes() == DATA
    assert told[-1] == (len(DATA), len(DATA))
    ranges = [asked for *_, asked in files.asked]
    assert ranges == ["", "bytes=100000-", "bytes=300000-"]


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.0.0.1", "192.168.1.1", "172.16.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
        "255.255.255.255", "::1", "::", "fe80::1", "fc00::1", "ff02::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1",
        "2002:7f00:1::", "2002:a9fe:a9fe::",
    ],
)  # fmt: skip
def test_addresses_inside_are_told_apart(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("address", [PUBLIC, "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "64:ff9b::5db8:d70e"])
def test_addresses_of_the_internet_are_told_apart(address: str) -> None:
    assert is_public(ip_address(address))


@pytest.mark.parametrize("host", ["localhost", "127.1", "2130706433", "0x7f000001", "[::1]", "169.254.169.254"])
def test_nothing_inside_is_reached_however_it_is_written(host: str, files: Files, tmp_path: Path) -> None:
    url = f"http://{host}:{files.base.rpartition(':')[2]}/a.zip"
    with pytest.raises(Forbidden, match="inside this server's own network") as caught:
        download(url, tmp_path / "a", rules(files, allowed=lambda _: False))
    assert caught.value.code == "address_private"
    assert files.asked == []
    assert list(tmp_path.iterdir()) == []


def test_the_local_link_is_refused_also_where_it_is_allowed() -> None:
    with pytest.raises(Forbidden):
        checked_address("169.254.169.254", 80, inside=True)


def test_a_name_with_one_address_inside_is_refused(names: dict[str, list[str]]) -> None:
    names["mixed.example"] = [f"{PUBLIC} 10.0.0.7"]
    with pytest.raises(Forbidden):
        checked_address("mixed.example", 443)


def test_a_name_that_changes_is_asked_once_and_its_answer_is_used(
    names: dict[str, list[str]], files: Files, tmp_path: Path
) -> None:
    names["rebind.example"] = [PUBLIC, "127.0.0.1"]
    port = files.base.rpartition(":")[2]
    # The first try goes to the public address, which no test may reach; the second look finds the one inside.
    with pytest.raises(Forbidden):
        download(f"http://rebind.example:{port}/a.zip", tmp_path / "a", rules(files))
    assert files.asked == []


def test_a_redirect_is_checked_as_the_first_address(files: Files, tmp_path: Path) -> None:
    files.redirects = {"/in": "/a.zip", "/out": "http://localhost:1/secret", "/loop": "/loop"}
    download(f"{files.base}/in", tmp_path / "a", rules(files))
    assert (tmp_path / "a").read_bytes() == DATA
    with pytest.raises(Forbidden):
        download(f"{files.base}/out", tmp_path / "b", rules(files))
    with pytest.raises(Invalid, match="more than 5 times"):
        download(f"{files.base}/loop", tmp_path / "b", rules(files))


def test_limits_and_faults_are_said_in_one_line(files: Files, tmp_path: Path) -> None:
    with pytest.raises(TooLarge):
        download(f"{files.base}/a.zip", tmp_path / "a", rules(files, largest=1000))
    with pytest.raises(NotFound, match="answers 404"):
        download(f"{files.base}/none.zip?sig=secret", tmp_path / "a", rules(files))
    files.cuts = [1, 1, 1, 1]
    with pytest.raises(Unavailable, match="cannot be read"):
        download(f"{files.base}/a.zip", tmp_path / "a", rules(files))

    def stop(_done: int, _total: int) -> None:
        raise Cancelled("stopped")

    with pytest.raises(Cancelled):
        download(f"{files.base}/a.zip", tmp_path / "a", rules(files, progress=stop))
    assert not (tmp_path / "a").exists()


@pytest.mark.parametrize(
    "url",
    ["ftp://host/a", "https://", "https://me:secret@host/a", "gopher://host", "http://0177.0.0.1/a"],
)
def test_what_is_no_address_of_a_file_is_refused(url: str) -> None:
    with pytest.raises(Invalid) as caught:
        parsed(url)
    assert caught.value.code == "source_invalid"
    assert "secret" not in caught.value.message


def test_a_signature_is_not_shown() -> None:
    assert shown("https://host/a.zip?X-Amz-Signature=1#x") == "https://host/a.zip"
