"""What an import met that was not as it should be: nothing is dropped without a line here."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Literal

from boxwright.domain.exchange import Problem

Action = Literal["kept", "clipped", "skipped", "error"]
Report = Callable[[str, str, Action], None]
KEPT = 1000


@dataclass(frozen=True, slots=True)
class Where:
    """A place in a dataset: file, line where the format has lines, and words for the thing ("annotation 17")."""

    file: str
    line: int | None = None
    thing: str = ""


class Problems:
    """Keeps the first 1,000 problems and counts all."""

    def __init__(self) -> None:
        self.items: list[Problem] = []
        self.count = 0
        self.by_code: Counter[str] = Counter()
        self.notes: list[str] = []

    def add(self, where: Where, code: str, message: str, action: Action = "skipped") -> None:
        """Report one problem; `action` is what was done about it."""
        self.count += 1
        self.by_code[code] += 1
        if len(self.items) < KEPT:
            text = f"{where.thing}: {message}" if where.thing else message
            self.items.append(Problem(file=where.file, line=where.line, code=code, message=text[:500], action=action))

    def at(self, where: Where) -> Report:
        """Return a function that reports `code, message, action` about a place."""
        return partial(self.add, where)

    def note(self, text: str) -> None:
        """Keep a remark about the dataset as a whole, once."""
        if text not in self.notes:
            self.notes.append(text)
