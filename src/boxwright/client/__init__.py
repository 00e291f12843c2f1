"""Python SDK: `Client` speaks to a Boxwright server over HTTP and answers with the domain's dataclasses.

`AsyncClient` does the same with `await`. Its source in `aio` is written by hand; the modules of the same names here are
made from it by `make api`. What does not touch the network (decoding, problem details, event frames) serves both.
"""

from boxwright.client.aio import AsyncClient
from boxwright.client.api import Client
from boxwright.client.types import Health, JobUpdate, System, TrainingParameter

__all__ = ["AsyncClient", "Client", "Health", "JobUpdate", "System", "TrainingParameter"]
