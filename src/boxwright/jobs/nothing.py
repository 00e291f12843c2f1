"""Task: nothing. For jobs whose work the server does itself, where the files and the keys to them are."""

from collections.abc import Mapping
from typing import Any

from boxwright.domain.ports import TaskContext


def run(params: Mapping[str, Any], _context: TaskContext) -> dict[str, object]:
    """Return `params["result"]`."""
    return dict(params["result"])
