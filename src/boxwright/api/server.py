"""Starting and stopping the server: lock, database, socket, queue - in that order, and back."""

import gc
import json
import logging
import os
import socket
import sys
import threading
import webbrowser
from contextlib import ExitStack
from dataclasses import replace
from logging.handlers import RotatingFileHandler
from pathlib import Path
from urllib.parse import urlsplit

import uvicorn

from boxwright import bootstrap
from boxwright.api.app import create_app
from boxwright.api.guards import Policy, is_loopback, policy_of
from boxwright.domain.errors import Invalid, Unavailable
from boxwright.settings import Settings

log = logging.getLogger(__name__)


def serve(settings: Settings, *, open_browser: bool = False, private: bool = False) -> None:
    """Serve until interrupted.

    Args:
        settings: where the data is and which address to use; port 0 takes a free one.
        open_browser: open the sign-in link in the user's browser.
        private: no banner, on this machine only, and end when standard input closes (a server for one command).

    Raises:
        Invalid: others could connect, and nobody could administer (`administrator_missing`).
        Unavailable: the port or the data folder is in use by another program.
    """
    if private:
        settings = replace(settings, host="127.0.0.1", public_url="")
    policy = policy_of(settings)
    listener = None if policy.network else _bind(settings.host, settings.port)
    with ExitStack() as stack:
        if listener is not None:
            stack.enter_context(listener)
        _log_to(settings.data / "logs")
        application = bootstrap.build(settings)
        stack.callback(application.close)
        if listener is None:
            # Not before it is known that somebody can sign in.
            _require_administrator(application)
            listener = stack.enter_context(_bind(settings.host, settings.port))
        url = f"http://{_near(settings.host)}:{listener.getsockname()[1]}"
        address = settings.data / "server.json"
        stack.callback(_forget, address)
        _announce(application, address, url)
        if not private:
            if settings.sample:
                application.samples.welcome(application.access.ensure_local_user())
            _greet(application, policy, url, open_browser=open_browser)
        _run(application, listener, private)


def _run(application: bootstrap.Application, listener: socket.socket, private: bool) -> None:
    config = uvicorn.Config(
        create_app(application, at_once=False),
        log_config=None,
        access_log=False,
        lifespan="off",
        server_header=False,
        proxy_headers=False,
        ws="none",
        timeout_graceful_shutdown=3,
    )
    server = uvicorn.Server(config)
    if private:
        threading.Thread(target=_end_with_parent, args=(server,), daemon=True).start()
    application.start()
    gc.freeze()  # modules and routes stay: no later search for garbage needs to pass through them
    gc.enable()
    server.run(sockets=[listener])


def _require_administrator(application: bootstrap.Application) -> None:
    """Keep a server that others reach from starting before somebody can sign in and administer it."""
    if not application.accounts.administrated():
        settings = application.settings
        where = f"behind {settings.public_url}" if settings.public_url else f"on {settings.host}"
        message = (
            f"cannot serve {where}: others could connect, and there is no administrator yet; "
            "make one with `boxwright user create NAME --admin`"
        )
        raise Invalid(message, code="administrator_missing")


def _near(host: str) -> str:
    """Return the address under which this machine reaches a server that listens on `host`, as URLs write it."""
    near = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared, not listened on
    return f"[{near}]" if ":" in near else near


def _bind(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise Unavailable(
            f"port {port} on {host} is taken or not allowed; choose another with --port", code="port_taken"
        ) from error
    listener.listen(128)
    return listener


def _announce(application: bootstrap.Application, address: Path, url: str) -> None:
    """Write `server.json`, readable by its owner only, for the shell."""
    content = json.dumps({"pid": os.getpid(), "url": url, "token": application.access.server_token()})
    part = address.with_suffix(".part")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        out.write(content)
    part.replace(address)


def _greet(application: bootstrap.Application, policy: Policy, url: str, *, open_browser: bool) -> None:
    """Print where to go: the one-time link for this machine, the address for others."""
    link = policy.public_url or url
    lines = [f"Boxwright is ready on {link}: sign in there with name and password."]
    if not policy.public_url and is_loopback(urlsplit(url).hostname or ""):
        link = f"{url}/#token={application.access.one_time_token()}"
        lines = ["Boxwright is ready. Open this link (it signs you in once):", "", f"  {link}"]
        if policy.network:
            others = f"http://{socket.gethostname()}:{urlsplit(url).port}"
            lines += ["", f"It works on this machine only; others sign in on {others} with name and password."]
    sys.stdout.write("\n".join(lines) + f"\n\nData: {application.settings.data}\nStop with Ctrl+C.\n")
    sys.stdout.flush()
    if open_browser:
        threading.Thread(target=webbrowser.open, args=(link,), daemon=True).start()


def _forget(address: Path) -> None:
    try:
        if json.loads(address.read_text("utf-8"))["pid"] == os.getpid():
            address.unlink()
    except (OSError, ValueError, KeyError):
        return


def _end_with_parent(server: uvicorn.Server) -> None:
    sys.stdin.buffer.read()
    server.should_exit = True


def _log_to(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    handler = RotatingFileHandler(folder / "server.log", maxBytes=5 << 20, backupCount=3, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.INFO)
