"""The figures of a project on their page: a bar opens its images, a class is chosen, few objects are marked."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from boxwright.domain.ids import new_id
from desk import new_project
from live import LiveServer

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
SERVER = "of_all"
Open = Callable[..., Page]
Shoot = Callable[[Page, str], None]
SIDES = ((10, 20, 40), (120,), ())


def furnish(server: LiveServer, project: str, images: list[str]) -> None:
    """Three small cats on the first image, which is for training, a large dog on the second."""
    classes = {one["name"]: one["id"] for one in server.http.get(f"/projects/{project}/classes").json()}
    for number, (image, word) in enumerate(zip(images, ("cat", "dog", "dog"), strict=True)):
        split = ("train", "val", "none")[number]
        server.http.patch(f"/images/{image}", json={"split": split}).raise_for_status()
        changes = [
            {
                "op": "upsert",
                "annotation": {
                    "id": new_id(),
                    "class_id": classes[word],
                    "geometry": {"type": "box", "x0": 5, "y0": 5, "x1": 5 + side, "y1": 5 + side / (place + 1)},
                },
            }
            for place, side in enumerate(SIDES[number])
        ]
        body = {"change_id": f"{number}", "base_revision": 0, "changes": changes}
        server.http.post(f"/images/{image}/changes", json=body).raise_for_status()


def test_figures_lead_to_their_images(server: LiveServer, open_page: Open, shoot: Shoot) -> None:
    project, images = new_project(server, "cat", "dog", name="Counted")
    furnish(server, project, images)
    page = open_page(server)
    page.goto(f"{server.address['url']}/projects/{project}/images")
    page.get_by_role("link", name="Statistics").click()
    classes = page.get_by_role("region", name="Classes", exact=True)
    expect(classes.get_by_role("listitem")).to_have_text([re.compile("cat.*few"), re.compile("dog.*few")])
    expect(classes.get_by_text("2 of 2 classes have fewer than 50 objects")).to_be_visible()
    page.get_by_label("Mark classes with fewer than").fill("3")
    expect(classes.get_by_text("1 of 2 classes have fewer than 3 objects")).to_be_visible()
    expect(page).to_have_url(re.compile("minimum=3"))
    shoot(page, "statistics")

    sizes = page.get_by_role("region", name="Object sizes, small to large")
    sizes.get_by_role("button", name="as a table").click()
    large = sizes.get_by_role("row", name=re.compile("^large"))
    expect(large.get_by_role("cell")).to_have_text([re.compile("large"), "0", "1", "0", "1"])
    page.get_by_role("combobox", name="Objects of").click()
    page.get_by_role("option", name="dog").click()
    shapes = page.get_by_role("region", name="Object shapes: dog")
    expect(shapes.get_by_role("link")).to_have_count(1)
    page.reload()
    shapes.get_by_role("link", name="Validation: 1").click()
    expect(page.get_by_role("gridcell")).to_have_count(1)
    expect(page.get_by_role("gridcell", name=re.compile("^b.png"))).to_be_visible()
    expect(page.get_by_role("button", name="Remove the filter Width by height: 0.9 to 1.1")).to_be_visible()

    page.go_back()
    page.get_by_text("Shares of the split").click()
    expect(page.get_by_role("region", name="Image sizes").get_by_role("link").first).to_contain_text("100.0 %")
    shoot(page, "statistics-shares")


def test_figures_on_a_phone(server: LiveServer, open_page: Open, shoot: Shoot) -> None:
    project, images = new_project(server, "cat", "dog", name="Counted pocket")
    page = open_page(server, width=390, height=844, scheme="dark", touch=True)
    address = f"{server.address['url']}/projects/{project}/statistics"
    page.goto(address)
    expect(page.get_by_text("There are no objects yet").first).to_be_visible()
    furnish(server, project, images)
    page.get_by_role("button", name="Count again").click()
    expect(page.get_by_role("region", name="Classes", exact=True).get_by_role("link")).to_have_count(2)
    shoot(page, "statistics-phone")
