"""Tracks: saved under a revision check, once for each change id, with a history to look at."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from boxwright.bootstrap import Application
from boxwright.domain.attributes import AttributeDefinition
from boxwright.domain.errors import Conflict, Invalid, NotFound
from boxwright.domain.geometry import Box, Polygon
from boxwright.domain.ids import new_id
from boxwright.domain.people import Caller
from boxwright.domain.tracks import TrackChanges, TrackDelete, VideoSaved
from filming import add_video, changes, key, track


class Desk:
    """A project with a video and a class."""

    def __init__(self, app: Application) -> None:
        self.app = app
        self.caller: Caller = app.access.ensure_local_user()
        self.project = app.projects.create(self.caller, "street").id
        self.video = add_video(app, self.project)
        self.label = app.classes.add(self.project, ["car"])[0].id

    def save(self, *tracks: Any, base: int = 0) -> VideoSaved:
        return self.app.tracks.apply(self.video, changes(*tracks, base=base), self.caller)


@pytest.fixture
def desk(application: Application) -> Desk:
    return Desk(application)


def test_tracks_are_saved_changed_and_deleted(desk: Desk) -> None:
    one, other = track(desk.label, z=2, external_id="7"), track(desk.label, key(3), attributes={"a": 1})
    first = changes(one, other)
    assert desk.app.tracks.apply(desk.video, first, desk.caller).revision == 1
    assert desk.app.tracks.apply(desk.video, first, desk.caller).revision == 1, "sent twice, done once"
    found = desk.app.tracks.get(desk.video)
    signed = [replace(item, author_id=desk.caller.id) for item in (other, one)]
    assert (found.revision, list(found.tracks)) == (1, signed)
    longer = replace(one, keyframes=(*one.keyframes, key(19, 60, outside=True)))
    gone = TrackChanges(change_id=new_id(), base_revision=1, changes=(TrackDelete(id=other.id),))
    assert desk.app.tracks.apply(desk.video, gone, desk.caller).revision == 2
    assert desk.save(longer, base=2).revision == 3
    video = desk.app.videos.get(desk.video)
    assert (video.revision, video.tracks) == (3, 1)
    assert desk.app.tracks.get(desk.video).tracks == (replace(longer, author_id=desk.caller.id),)


def test_the_history_brings_any_revision_back(desk: Desk) -> None:
    one = track(desk.label)
    desk.save(one)
    desk.save(track(desk.label, key(4)), base=1)
    history = desk.app.tracks.history(desk.video).items
    assert [(item.revision, item.author_name) for item in history] == [(2, "local"), (1, "local")]
    assert desk.app.tracks.revision(desk.video, 0).tracks == ()
    assert [item.id for item in desk.app.tracks.revision(desk.video, 1).tracks] == [one.id]
    assert desk.app.tracks.revision(desk.video, 2) == desk.app.tracks.get(desk.video)
    with pytest.raises(NotFound):
        desk.app.tracks.revision(desk.video, 3)


def test_who_saves_on_an_old_revision_is_told_the_new_state(desk: Desk) -> None:
    one = track(desk.label)
    desk.save(one)
    for base in (0, 2):
        with pytest.raises(Conflict) as caught:
            desk.save(track(desk.label), base=base)
        assert caught.value.code == "revision_conflict"
        assert caught.value.detail["current"]["tracks"][0]["id"] == one.id  # type: ignore[index]


def test_shapes_stay_on_the_picture(desk: Desk) -> None:
    sticking = key(0, geometry=Box(x0=-5, y0=-5, x1=20, y1=20))
    left = key(5, geometry=Box(x0=-50, y0=0, x1=-10, y1=20), outside=True)
    desk.save(track(desk.label, sticking, left))
    kept = desk.app.tracks.get(desk.video).tracks[0].keyframes
    assert kept[0].geometry == Box(x0=0, y0=0, x1=20, y1=20)
    assert kept[1] == left, "what is not to be seen may be elsewhere"
    for wrong, code in (
        (track(desk.label, replace(left, outside=False)), "outside_image"),
        (track(desk.label, key(20)), "frame_unknown"),
        (track(new_id()), "class_unknown"),
        (track(desk.label, id="x"), "id_invalid"),
        (track(desk.label, z=1 << 40), "z_invalid"),
        (track(desk.label, attributes={"a": float("nan")}), "attributes_invalid"),
    ):
        with pytest.raises(Invalid) as caught:
            desk.save(wrong, base=1)
        assert caught.value.code == code


def test_a_track_belongs_to_one_video(desk: Desk) -> None:
    one = track(desk.label)
    desk.save(one)
    other = add_video(desk.app, desk.project)
    with pytest.raises(Conflict) as caught:
        desk.app.tracks.apply(other, changes(one), desk.caller)
    assert caught.value.code == "track_elsewhere"
    ring = ((0.0, 0.0), (9.0, 0.0), (9.0, 9.0))
    desk.app.tracks.apply(other, changes(track(desk.label, key(0, geometry=Polygon(rings=(ring,))))), desk.caller)


def test_values_that_a_person_sets_fit_their_definition(desk: Desk) -> None:
    imported = track(desk.label, key(0, attributes={"colour": "pink"}), source="import")
    desk.save(imported)
    colours = AttributeDefinition(name="colour", kind="select", choices=("red", "blue"))
    desk.app.classes.update(desk.label, attributes=[colours])
    desk.save(replace(imported, keyframes=(*imported.keyframes, key(9))), base=1)  # what was there may stay
    for place in ({"attributes": {"colour": "green"}}, {"keyframes": (key(0, attributes={"colour": "green"}),)}):
        with pytest.raises(Invalid) as caught:
            desk.save(track(desk.label, **place), base=2)
        assert caught.value.code == "attribute_invalid"
        assert "'green'" in caught.value.message
    desk.save(track(desk.label, attributes={"colour": "red"}), base=2)


def test_others_hear_of_it(desk: Desk) -> None:
    told: list[Any] = []
    desk.app.broker.publish = told.extend  # type: ignore[method-assign]
    saved = desk.save(track(desk.label))
    event = next(one for one in told if one.topic == "video")
    assert (event.id, event.project_id) == (desk.video, desk.project)
    assert (event.data["action"], event.data["revision"], event.data["tracks"]) == ("changed", saved.revision, 1)
