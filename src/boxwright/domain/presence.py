"""Who looks at a picture at this moment."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Present:
    """A person who has a picture open; `tabs` says in how many windows."""

    user_id: str
    name: str
    tabs: int
