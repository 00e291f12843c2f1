"""The states of the editor that people look at rather than a test: each tool in the hand, few objects and many.

`STATES` are walked by `scripts/gallery.py`; `fill` makes what they need, above what the warehouse has.
"""

from __future__ import annotations

import math
import random
from typing import Any

from playwright.sync_api import Page, expect
from pydantic import TypeAdapter

import warehouse
from boxwright.domain.annotations import ChangeSet
from boxwright.domain.ids import new_id
from boxwright.domain.people import Caller
from boxwright.domain.workflow import WorkStep
from looking import settle
from places import Place
from scenes import make_scene
from showroom import Seeder
from steps import Act, button, draw_offline, first_object, key, then

EDITOR = "/projects/{many}/annotate"
SIZE = (1600, 1200)
CROWD = 500


def fill(seeder: Seeder) -> dict[str, str]:
    """Make a picture with nothing on it, one with a shape of each kind, and one with hundreds."""
    ids = warehouse.fill(seeder)
    project = ids["many"]
    answer = seeder.client.get(f"/api/v1/projects/{project}/classes", headers=seeder.headers)
    classes = [str(one["id"]) for one in answer.json()]
    seeder.attributes(project, classes[0])
    shapes = {"blank": [], "few": few(classes), "crowd": crowd(classes), "proposed": proposed(classes, ids)}
    for number, (name, items) in enumerate(shapes.items()):
        scene = make_scene(700 + number, size=SIZE, name=f"states/{name}.jpg")
        image = ids[f"state_{name}"] = seeder.image(project, scene, "train", None)
        changes = [{"op": "upsert", "annotation": item} for item in items]
        body = {"change_id": new_id(), "base_revision": 0, "changes": changes}
        if changes:
            seeder.post(f"/images/{image}/changes", json=body)
    words = {"id": new_id(), "text": "The lower edge is in the shadow", "x": 420, "y": 330}
    seeder.post(f"/images/{ids['state_few']}/comments", json=words)
    ids["twice"] = label_twice(seeder)
    return ids


def label_twice(seeder: Seeder) -> str:
    """Let two people label the same images; returns the project. They agree on one of the objects less than fully."""
    project = str(seeder.post("/projects", json={"name": "Twice"})["id"])
    made = seeder.post(f"/projects/{project}/classes", json={"names": ["coin", "die"]})
    scene = make_scene(720, size=(800, 600), name="twice.jpg")
    image = seeder.image(project, scene, "train", None)
    both = []
    for name in ("annotator", "reviewer"):
        seeder.post(f"/projects/{project}/members", json={"name": name, "role": "annotator"})
        found = seeder.client.get(f"/api/v1/projects/{project}/members", headers=seeder.headers).json()
        both.append(next(one["user_id"] for one in found if one["name"] == name))
    seeder.post(f"/projects/{project}/assignments/twice", json={"user_ids": both, "image_ids": [image]})
    for user, (dx, dy), more in zip(both, ((0, 0), (9, 4)), (1, 3), strict=True):
        shapes: list[dict[str, Any]] = [
            {"type": "box", "x0": 90 + dx, "y0": 80 + dy, "x1": 300 + dx, "y1": 240 + dy},
            {"type": "polygon", "rings": [ring(560 + dx, 210 + dy, 110, 14)]},
            *({"type": "box", "x0": 120 + 190 * n, "y0": 400, "x1": 230 + 190 * n, "y1": 500} for n in range(more)),
        ]
        items = [item(str(made[number % 2]["id"]), shape) for number, shape in enumerate(shapes)]
        changes = [{"op": "upsert", "annotation": one} for one in items]
        body = {"change_id": new_id(), "base_revision": 0, "changes": changes}
        who = Caller(id=user, name="", admin=False, via="session")
        seeder.application.annotations.apply_changes(image, TypeAdapter(ChangeSet).validate_python(body), who)
        step = WorkStep(change_id=new_id(), action="submit")
        seeder.application.work.take(image, step, who, "annotator")
    return project


def item(class_id: str, geometry: dict[str, Any], **more: Any) -> dict[str, Any]:
    """An annotation as people send it."""
    return {"id": new_id(), "class_id": class_id, "geometry": geometry, **more}


def ring(x: float, y: float, radius: float, corners: int) -> list[list[float]]:
    """The corners of a shape that is nearly round."""
    wobble = random.Random(round(x * 7 + y))
    turns = [2 * math.pi * step / corners for step in range(corners)]
    reach = [radius * wobble.uniform(0.75, 1) for _ in turns]
    return [[x + r * math.cos(turn), y + r * math.sin(turn)] for turn, r in zip(turns, reach, strict=True)]


def few(classes: list[str]) -> list[dict[str, Any]]:
    """One shape of each kind."""
    return [
        item(classes[0], {"type": "box", "x0": 180, "y0": 160, "x1": 520, "y1": 420}),
        item(classes[1], {"type": "polygon", "rings": [ring(900, 330, 190, 14)]}),
        item(classes[2], {"type": "rotated_box", "cx": 420, "cy": 820, "w": 360, "h": 170, "angle": 0.5}),
        item(classes[0], {"type": "ellipse", "cx": 1280, "cy": 560, "rx": 170, "ry": 110, "angle": 0.3}),
        item(classes[1], {"type": "polyline", "points": [[760, 900], [900, 780], [1080, 860], [1300, 820]]}),
    ]


def crowd(classes: list[str]) -> list[dict[str, Any]]:
    """Boxes and outlines all over the picture."""
    chance = random.Random(5)
    made = []
    for number in range(CROWD):
        x, y, radius = chance.uniform(40, 1560), chance.uniform(40, 1160), chance.uniform(12, 38)
        shape: dict[str, Any] = (
            {"type": "box", "x0": x - radius, "y0": y - radius * 0.8, "x1": x + radius, "y1": y + radius * 0.8}
            if number % 3
            else {"type": "polygon", "rings": [ring(x, y, radius, 16)]}
        )
        made.append(item(classes[number % len(classes)], shape))
    return made


def proposed(classes: list[str], ids: dict[str, str]) -> list[dict[str, Any]]:
    """What is there already, and what a model proposes beside it."""
    found = [
        {**one, "state": "proposal", "source": "model", "score": round(0.3 + 0.05 * (place % 14), 2)}
        | {"model_id": ids["many_model"]}
        for place, one in enumerate(crowd(classes)[:60])
    ]
    return [*few(classes), *found]


def drawing(tool: str, *spots: tuple[float, float]) -> Act:
    """Take a tool by its key and click spots, told in shares of the picture's place; the pointer stays at the last."""

    def act(page: Page) -> None:
        key(tool)(page)
        area = page.get_by_role("application").bounding_box()
        assert area is not None
        for x, y in spots:
            page.mouse.move(area["x"] + area["width"] * x, area["y"] + area["height"] * y)
            if (x, y) != spots[-1]:
                page.mouse.down()
                page.mouse.up()

    return act


def painted(*spots: tuple[float, float]) -> Act:
    """Drag from spot to spot with what is in the hand."""

    def act(page: Page) -> None:
        area = page.get_by_role("application").bounding_box()
        assert area is not None
        places = [(area["x"] + area["width"] * x, area["y"] + area["height"] * y) for x, y in spots]
        page.mouse.move(*places[0])
        page.mouse.down()
        for place in places[1:]:
            page.mouse.move(*place, steps=5)
        page.mouse.up()

    return act


CORNERS = ((0.3, 0.3), (0.45, 0.25), (0.55, 0.4), (0.5, 0.6), (0.35, 0.62))


def disagreeing(page: Page) -> None:
    """Move the first object here, and elsewhere too, and be asked."""
    first_object(page)
    page.route("**/changes*", lambda route: route.abort())
    key("ArrowRight")(page)
    expect(page.locator("[data-save-state=offline]")).to_be_visible()
    found = page.url.split("/annotate/")[1].split("?")[0]
    address = page.url.split("/projects/")[0]
    path = f"{address}/api/v1/images/{found}"
    now = page.request.get(f"{path}/annotations").json()
    chosen = now["annotations"][0] | {"z": 7}
    body = {
        "change_id": new_id(),
        "base_revision": now["revision"],
        "changes": [{"op": "upsert", "annotation": chosen}],
    }
    answer = page.request.post(f"{path}/changes", data=body, headers={"origin": address})
    assert answer.ok, answer.text()
    page.unroute("**/changes*")
    expect(page.locator("[data-save-state=conflict]")).to_be_visible()
    settle(page)


def at(name: str, picture: str, act: Act | None = None, **more: Any) -> Place:
    """A state of the editor on one of the pictures above."""
    return Place(f"state-{name}", f"{EDITOR}/{{state_{picture}}}", act, canvas=True, stale=True, **more)


TOOLS = {
    "box": drawing("b", (0.3, 0.3), (0.5, 0.5)),
    "extremes": drawing("Shift+b", *CORNERS[:3]),
    "rotated": drawing("o", *CORNERS[:3]),
    "ellipse": drawing("Alt+o", (0.3, 0.3), (0.5, 0.5)),
    "polygon": drawing("p", *CORNERS),
    "polyline": drawing("Alt+l", *CORNERS),
    "point": drawing("Alt+p", (0.5, 0.5)),
    "brush": then(drawing("i"), painted((0.3, 0.3), (0.45, 0.35), (0.5, 0.5))),
    "eraser": then(drawing("i"), painted((0.3, 0.3), (0.5, 0.5)), drawing("Shift+i", (0.4, 0.4))),
    "smart": then(drawing("s"), painted((0.1, 0.1), (0.4, 0.4))),
    "wand": drawing("Alt+w", (0.5, 0.7), (0.52, 0.7)),
    "scissors": drawing("Alt+s", *CORNERS),
    "slice": drawing("Shift+x", (0.3, 0.3), (0.5, 0.5)),
    "measure": drawing("Alt+m", (0.3, 0.3), (0.5, 0.5)),
    "pan": button("Move the picture"),
}

BOTH: dict[str, Act | None] = {
    "plain": None,
    "one": first_object,
    "many": key("Control+a"),
    "picker": then(first_object, key("c")),
    "attributes": then(first_object, key("q")),
    "history": key("Shift+R"),
    "comments": key("Shift+c"),
    "metadata": key("Alt+t"),
    "palette": key("Control+k"),
    "shortcuts": key("?"),
    "view": key("w"),
    "filter": key("Shift+e"),
    "offline": draw_offline,
    "conflict": disagreeing,
    "conflict-question": then(disagreeing, button("Choose")),
    "waiting": then(drawing("p", *CORNERS), key("b")),
}

STATES: tuple[Place, ...] = (
    at("blank", "blank"),
    *(at(f"tool-{name}", "few", act) for name, act in TOOLS.items()),
    *(at(f"{name}-{picture}", picture, act) for name, act in BOTH.items() for picture in ("few", "crowd")),
    at("proposals", "proposed"),
    at("proposals-one", "proposed", key("j")),
    Place("state-agreement", "/projects/{twice}/agreement"),
    Place("state-compare", "/projects/{twice}/agreement", button("Compare twice.jpg"), canvas=True),
    Place(
        "state-compare-beside",
        "/projects/{twice}/agreement",
        then(button("Compare twice.jpg"), lambda page: page.get_by_text("Side by side").click()),
        canvas=True,
    ),
    Place("state-work-few", "/projects/{project}/annotate/{image}", who="annotator", canvas=True),
    Place("state-video-track", "/projects/{project}/videos/{video}?frame=12", first_object, canvas=True, stale=True),
    Place(
        "state-video-history", "/projects/{project}/videos/{video}?frame=12", key("Shift+R"), canvas=True, stale=True
    ),
    Place("state-video-keys", "/projects/{project}/videos/{video}?frame=12", key("?"), canvas=True, stale=True),
)
