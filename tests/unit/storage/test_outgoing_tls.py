"""Downloads over TLS: the connection goes to an address, the certificate is that of the name."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from boxwright.domain.errors import Invalid, Unavailable
from boxwright.storage.outgoing import Rules, download


class _Handler(BaseHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        down = self.path == "/down"
        self.send_response(302 if down else 200)
        if down:
            self.send_header("Location", "http://files.test/a.zip")
        content = str(self.headers["Host"]).encode()
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


def certificate(folder: Path) -> Path:
    """A certificate of `files.test` with its key, signed by itself."""
    x509, hashes, serialization, ec = (
        pytest.importorskip(f"cryptography.{name}", reason="comes with moto[server]")
        for name in (
            "x509",
            "hazmat.primitives.hashes",
            "hazmat.primitives.serialization",
            "hazmat.primitives.asymmetric.ec",
        )
    )
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "files.test")])
    today = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("files.test")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = folder / "server.pem"
    path.write_bytes(made.public_bytes(serialization.Encoding.PEM) + secret)
    return path


@pytest.fixture
def port(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """The port of a server on this machine that is called `files.test`, and `other.test`, too."""
    path = certificate(tmp_path)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    real = socket.getaddrinfo

    def answer(host: Any, *rest: Any, **more: Any) -> Any:
        return real("127.0.0.1" if str(host).endswith(".test") else host, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", answer)
    yield int(server.server_address[1])
    server.shutdown()
    server.server_close()
    thread.join()


def test_the_certificate_is_that_of_the_name(port: int, tmp_path: Path) -> None:
    rules = Rules(largest=1000, allowed=lambda _: True, pause=0)
    download(f"https://files.test:{port}/a.zip", tmp_path / "a", rules)
    assert (tmp_path / "a").read_text() == f"files.test:{port}"
    with pytest.raises(Unavailable, match="cannot be read"):
        download(f"https://other.test:{port}/a.zip", tmp_path / "b", rules)
    with pytest.raises(Invalid, match="from https to http"):
        download(f"https://files.test:{port}/down", tmp_path / "b", rules)
    assert not (tmp_path / "b").exists()
