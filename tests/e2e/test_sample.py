"""The sample from the Projects page: asked for, on its way, stopped, taken up again."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from boxwright.domain.requests import SAMPLE_NAME
from live import LiveServer


def test_an_empty_installation_offers_the_sample(
    server: LiveServer, open_page: Callable[..., Page], shoot: Callable[[Page, str], None]
) -> None:
    page = open_page(server, who="link")
    shoot(page, "projects-empty")
    page.get_by_role("button", name="Add the sample project").click()
    card = page.get_by_role("article", name=SAMPLE_NAME)
    expect(card.get_by_text("The sample is being rendered.")).to_be_visible()
    expect(card.get_by_role("progressbar")).to_be_visible()
    shoot(page, "projects-sample-on-its-way")
    card.get_by_role("link", name=f"Open project {SAMPLE_NAME}").click()
    expect(page.get_by_role("heading", name="Images", exact=True)).to_be_visible()
    expect(page.get_by_role("main").get_by_text("The sample is being rendered.")).to_be_visible()
    shoot(page, "images-sample-on-its-way")

    [project] = server.http.get("/projects").json()["items"]
    [job] = server.http.get(f"/projects/{project['id']}/jobs").json()["items"]
    assert job["kind"] == "sample"
    server.http.post(f"/jobs/{job['id']}/cancel", json={}).raise_for_status()
    expect(page.get_by_role("main").get_by_text("Rendering the sample was stopped.")).to_be_visible()
    page.goto(f"{server.address['url']}/projects")
    card.get_by_role("button", name="Resume").click()
    expect(card.get_by_role("progressbar")).to_be_visible()
