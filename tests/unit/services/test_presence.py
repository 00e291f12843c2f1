"""Who has a picture open: windows are counted, what died is forgotten, and others are told only when that matters."""

from __future__ import annotations

import pytest

from boxwright.domain.errors import Invalid
from boxwright.domain.people import Caller
from boxwright.services.presence import LIFE, Presence
from stores import Heard

ANN, BEN = (Caller(id=name, name=name, admin=False, via="session") for name in ("ann", "ben"))


def names(presence: Presence, who: Caller = ANN, tab: str = "1") -> list[tuple[str, int]]:
    return [(one.name, one.tabs) for one in presence.enter("p", "i", tab, who)]


def test_people_come_and_go() -> None:
    heard, time = Heard(), [0.0]
    presence = Presence(heard, lambda: time[0])
    assert names(presence) == [("ann", 1)]
    assert names(presence, tab="2") == [("ann", 2)]
    assert names(presence, BEN) == [("ann", 2), ("ben", 1)]
    presence.leave("p", "i", "1", ANN)
    presence.leave("p", "i", "1", ANN)
    presence.leave("p", "other", "1", ANN)
    assert len(heard.events) == 2, "another window of the same person is no news"
    time[0] = LIFE - 1
    assert names(presence, BEN) == [("ann", 1), ("ben", 1)]
    time[0] = LIFE + 1
    assert names(presence, BEN) == [("ben", 1)], "who says nothing is gone"
    people = [[one["name"] for one in event.data["people"]] for event in heard.events]  # type: ignore[attr-defined]
    assert people == [["ann"], ["ann", "ben"], ["ben"]]


def test_bad_windows_are_refused() -> None:
    for tab in ("", "x" * 101):
        with pytest.raises(Invalid):
            Presence(Heard()).enter("p", "i", tab, ANN)
