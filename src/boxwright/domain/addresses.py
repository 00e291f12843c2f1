"""Addresses that people give, as they may be shown and logged."""


def shown(url: str) -> str:
    """Return an address without what may be a secret in it: its query."""
    return url.partition("?")[0].partition("#")[0]
