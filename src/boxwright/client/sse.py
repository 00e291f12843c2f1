"""Server-Sent Events: the stream's lines to events (https://html.spec.whatwg.org/multipage/server-sent-events.html)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ServerEvent:
    """One event; `name` is `change`, `resync`, or empty for a sign of life without content."""

    name: str
    data: str = ""
    id: str | None = None


class Frames:
    """Collects the lines of a stream (without their ends) into events."""

    def __init__(self) -> None:
        self._begin()

    def _begin(self) -> None:
        self._name, self._any = "", False
        self._id: str | None = None
        self._data: list[str] = []

    def feed(self, line: str) -> ServerEvent | None:
        """Take the next line; return the event that it completes, if any.

        A frame without data, such as a comment sent to keep the line open, is an event without name.
        """
        if line:
            self._take(line)
            return None
        if not self._any:
            return None
        event = ServerEvent(self._name if self._data else "", "\n".join(self._data), self._id)
        self._begin()
        return event

    def _take(self, line: str) -> None:
        self._any = True
        field, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if field == "event":
            self._name = value
        elif field == "data":
            self._data.append(value)
        elif field == "id":
            self._id = value
