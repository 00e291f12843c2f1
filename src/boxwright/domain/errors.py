"""Errors a person can act on.

Each carries a stable `code`; only `api/errors.py` maps them to HTTP, only `cli` to exit codes.
"""

from collections.abc import Mapping


class BoxwrightError(Exception):
    """Base of every expected error.

    Args:
        message: one line that says what is wrong, where, and what to do.
        code: stable machine name; the class default when omitted.
        detail: JSON values for a program (for example the newer revision of a conflict).
    """

    code = "error"

    def __init__(self, message: str, *, code: str | None = None, detail: Mapping[str, object] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or self.code
        self.detail = dict(detail or {})


class Invalid(BoxwrightError):
    """The request or the input cannot be used as it is."""

    code = "invalid"


class InvalidImage(Invalid):
    """Bytes that are no picture we can or may open."""

    code = "image_unreadable"


class InvalidVideo(Invalid):
    """Bytes that are no video we can or may open."""

    code = "video_unreadable"


class InvalidDataset(Invalid):
    """A dataset, archive or annotation file that cannot be read."""

    code = "dataset_unreadable"


class InvalidModel(Invalid):
    """A model file that is not one, or not one that we may run."""

    code = "model_unreadable"


class InvalidBackup(Invalid):
    """A backup that is none, or is damaged, or holds what cannot be restored."""

    code = "backup_unreadable"


class NotFound(BoxwrightError):
    """No such thing, or none that the caller may know of."""

    code = "not_found"


class Unauthenticated(BoxwrightError):
    """Nobody is signed in."""

    code = "unauthenticated"


class Forbidden(BoxwrightError):
    """The caller is known, but may not do this."""

    code = "forbidden"


class TooManyAttempts(BoxwrightError):
    """Somebody tries too often; `detail` holds `retry_after` in seconds."""

    code = "too_many_attempts"


class Conflict(BoxwrightError):
    """The state has moved on, or the name is taken; `detail` holds the newer state."""

    code = "conflict"


class TooLarge(BoxwrightError):
    """Over a limit that the message states."""

    code = "too_large"


class Unavailable(BoxwrightError):
    """Something needed is missing or busy: an extra not installed, a full disk, a locked data folder."""

    code = "unavailable"


class StorageFull(Unavailable):
    """The disk has no room left; nothing of the request was kept."""

    code = "storage_full"


class Cancelled(BoxwrightError):
    """A task gave up because a person asked for it."""

    code = "cancelled"
