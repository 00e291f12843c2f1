"""Pictures that stay where they lie: a bucket, or a folder of the server."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Original:
    """Where the bytes of a picture lie that is not copied, and what was known of them when it was imported."""

    sha256: str
    address: str
    bytes: int
    etag: str = ""
    modified: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class CopiedIn:
    """How many originals were copied in now, how many images are left, and a line for each that could not be copied.

    `next_after` goes on from here; None where all have been tried.
    """

    copied: int
    left: int
    problems: tuple[str, ...] = ()
    next_after: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class OriginalCount:
    """How many living pictures of a project are there by reference."""

    images: int


@dataclass(frozen=True, kw_only=True, slots=True)
class ImageOriginal:
    """A picture that is there by reference, and the address where its bytes lie, without what may be secret in it."""

    image_id: str
    address: str
