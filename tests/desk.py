"""A person at the annotation editor: where things are on the picture, what the page and the server have."""

from __future__ import annotations

import io
import itertools
import re
from dataclasses import dataclass
from typing import Any

from PIL import Image
from playwright.sync_api import Locator, Page, expect

from live import LiveServer
from looking import settle

WIDTH, HEIGHT = 400, 300
_NUMBERS = itertools.count(1)


@dataclass
class Desk:
    """A page with an open picture, and the server behind it."""

    page: Page
    server: LiveServer
    image: str
    project: str = ""

    @property
    def objects(self) -> Locator:
        return self.page.get_by_role("region", name="Objects")

    def screen(self, x: float, y: float) -> tuple[float, float]:
        """Where an image point lies while the whole picture is in view (16 px padding)."""
        area = self.page.get_by_role("application").bounding_box()
        assert area is not None
        scale = min((area["width"] - 32) / WIDTH, (area["height"] - 32) / HEIGHT)
        left = area["x"] + (area["width"] - WIDTH * scale) / 2
        top = area["y"] + (area["height"] - HEIGHT * scale) / 2
        return left + x * scale, top + y * scale

    def drag(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        self.page.mouse.move(*self.screen(*start))
        self.page.mouse.down()
        self.page.mouse.move(*self.screen(*end), steps=4)
        self.page.mouse.up()

    def click(self, x: float, y: float) -> None:
        self.page.mouse.click(*self.screen(x, y))

    def count(self, number: int) -> None:
        expect(self.objects.get_by_role("heading")).to_have_text(re.compile(rf"Objects\s*{number}$"))

    def reload(self, number: int) -> None:
        """Load the page anew and wait for its objects, and until a hand may draw."""
        self.page.reload()
        self.count(number)
        settle(self.page)

    def saved(self, state: str = "saved") -> None:
        expect(self.page.locator(f"[data-save-state={state}]")).to_be_visible()

    def asked(self) -> bool:
        """Wait until all is saved or a choice is asked for; tell whether it is."""
        expect(self.page.locator("[data-save-state=saved], [data-save-state=conflict]")).to_be_visible()
        return self.page.locator("[data-save-state=conflict]").is_visible()

    def boxes(self) -> list[list[float]]:
        """What the server has, in whole pixels."""
        self.saved()
        items = self.stored()["annotations"]
        return [[round(item["geometry"][key]) for key in ("x0", "y0", "x1", "y1")] for item in items]

    def rings(self) -> list[list[list[list[int]]]]:
        """The polygons that the server has: rings of points in whole pixels."""
        self.saved()
        shapes = [item["geometry"] for item in self.stored()["annotations"]]
        return [
            [[[round(x), round(y)] for x, y in ring] for ring in shape["rings"]]
            for shape in shapes
            if shape["type"] == "polygon"
        ]

    def stored(self) -> dict[str, Any]:
        answer: dict[str, Any] = self.server.http.get(f"/images/{self.image}/annotations").raise_for_status().json()
        return answer


def picture(color: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (WIDTH, HEIGHT), color).save(out, "PNG")
    return out.getvalue()


def fresh(name: str) -> str:
    """A name that no other project of this run has."""
    return f"{name} {next(_NUMBERS)}"


def new_project(server: LiveServer, *classes: str, name: str = "") -> tuple[str, list[str]]:
    """A project with three pictures; returns its id and theirs."""
    name = name or fresh("Editor")
    project = str(server.http.post("/projects", json={"name": name}).raise_for_status().json()["id"])
    if classes:
        server.http.post(f"/projects/{project}/classes", json={"names": list(classes)}).raise_for_status()
    images = []
    for file, color in (("a.png", "#446"), ("b.png", "#464"), ("c.png", "#644")):
        answer = server.http.post(f"/projects/{project}/images", params={"name": file}, content=picture(color))
        images.append(str(answer.raise_for_status().json()["image"]["id"]))
    return project, images


def desk_on(page: Page, server: LiveServer, project: str, image: str) -> Desk:
    """Open the first picture in the editor."""
    page.goto(f"{server.address['url']}/projects/{project}/annotate/{image}")
    expect(page.get_by_text("a.png").and_(page.locator(":visible")).first).to_be_visible()
    expect(page.get_by_text("1 of 3")).to_be_visible()
    settle(page)
    return Desk(page, server, image, project)
