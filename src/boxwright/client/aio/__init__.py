"""The client's only hand-written source: asynchronous. `make api` writes the one without `await` beside this folder."""

from boxwright.client.aio.api import AsyncClient

__all__ = ["AsyncClient"]
