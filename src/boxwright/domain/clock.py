"""Time as the product writes it: UTC, RFC 3339 with Z."""

from datetime import UTC, datetime, timedelta


def now() -> str:
    """Return the current time, for example `2026-11-21T08:40:00.123Z`; strings of this form sort by time."""
    return written(datetime.now(UTC))


def written(time: datetime) -> str:
    """Write a time that knows its zone, as `now` does."""
    return time.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def ago(span: timedelta) -> str:
    """Return the time `span` before now, written as by `now`."""
    return written(datetime.now(UTC) - span)
