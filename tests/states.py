"""The states of the editor that people look at rather than a test: each tool in the hand, few objects and many.

`STATES` are walked by `scripts/gallery.py`; `fill` makes what they need, above what the warehouse has.
"""

from __future__ import annotations

import math
import random
from typing import Any

from playwright.sync_api import Page, expect

import warehouse
from boxwright.domain.ids import new_id
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
    return ids


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
    "brush": drawing("i", (0.5, 0.5)),
    "eraser": drawing("Shift+i", (0.5, 0.5)),
    "smart": drawing("s", (0.5, 0.5)),
    "wand": drawing("Alt+w", (0.5, 0.5)),
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
    Place("state-video-track", "/projects/{project}/videos/{video}?frame=12", first_object, canvas=True, stale=True),
    Place(
        "state-video-history", "/projects/{project}/videos/{video}?frame=12", key("Shift+R"), canvas=True, stale=True
    ),
    Place("state-video-keys", "/projects/{project}/videos/{video}?frame=12", key("?"), canvas=True, stale=True),
)
