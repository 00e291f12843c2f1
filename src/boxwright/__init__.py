"""Boxwright: label images, train a detector, put it to work."""

from importlib import import_module

__version__ = "0.1.0"


def __getattr__(name: str) -> object:
    """Import the clients only when they are asked for: `import boxwright` stays light, and no room is reached here."""
    if name in ("Client", "AsyncClient"):
        return getattr(import_module("boxwright.client"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
