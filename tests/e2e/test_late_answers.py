"""Answers that come late: what a message says has happened, and nothing that was typed or drawn meanwhile is lost."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import APIResponse, Page, Route, expect

from boxwright.domain.ids import new_id
from desk import Desk, new_project, picture
from live import LiveServer

pytestmark = [pytest.mark.e2e]
Open = Callable[..., Page]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    live = LiveServer(tmp_path_factory.mktemp("late") / "data").start()
    yield live
    live.stop()


@pytest.fixture
def project(server: LiveServer, request: pytest.FixtureRequest) -> tuple[str, list[str]]:
    return new_project(server, "cat", "dog", name=request.node.name)


@contextmanager
def held(page: Page, path: str) -> Iterator[None]:
    """Hold reads back until the block ends."""
    routes: list[Route] = []
    where = re.compile(path)
    over = False

    def hold(route: Route) -> None:
        if over or route.request.method != "GET":
            route.fallback()
        else:
            routes.append(route)

    page.route(where, hold)
    yield
    over = True
    for route in routes:
        route.continue_()
    page.unroute(where, hold)


@contextmanager
def answered_late(page: Page, path: str, method: str = "GET") -> Iterator[list[APIResponse]]:
    """Let the server answer the first such request, and deliver that answer at the end of the block."""
    answers: list[APIResponse] = []
    waiting: list[Route] = []
    where = re.compile(path)

    def meet(route: Route) -> None:
        if waiting or route.request.method != method:
            route.fallback()
            return
        waiting.append(route)
        answers.append(route.fetch())

    page.route(where, meet)
    yield answers
    while len(answers) < len(waiting):
        page.wait_for_timeout(10)
    for route, answer in zip(waiting, answers, strict=True):
        route.fulfill(response=answer)
    page.unroute(where, meet)


def enter(page: Page, server: LiveServer, address: str) -> Page:
    page.goto(f"{server.address['url']}{address}")
    return page


def post(server: LiveServer, address: str, **body: object) -> dict[str, object]:
    answer: dict[str, object] = server.http.post(address, json=body).raise_for_status().json()
    return answer


def wait_for_any_job(server: LiveServer, project: str) -> dict[str, object]:
    until = time.monotonic() + 60
    while not (jobs := server.http.get(f"/projects/{project}/jobs").raise_for_status().json()["items"]):
        assert time.monotonic() < until, "no job was started"
        time.sleep(0.02)
    return server.wait_for_job(jobs[0]["id"])


def draw_by_another_program(server: LiveServer, project: str, image: str) -> None:
    class_id = server.http.get(f"/projects/{project}/classes").json()[0]["id"]
    shape = {"type": "box", "x0": 20, "y0": 20, "x1": 80, "y1": 80}
    change = {"op": "upsert", "annotation": {"id": new_id(), "class_id": class_id, "geometry": shape}}
    post(server, f"/images/{image}/changes", change_id=new_id(), base_revision=0, changes=[change])


def test_a_new_project_opens_before_the_list_has_heard_of_it(server: LiveServer, open_page: Open) -> None:
    page = open_page(server, who="link")
    page.get_by_role("button", name="New project").or_(page.get_by_role("button", name="Create the")).first.click()
    page.get_by_label("Project name").fill("Quick")
    with held(page, r"/api/v1/projects\?"):
        page.get_by_role("button", name="Create project").click()
        expect(page.get_by_role("heading", name="No images yet")).to_be_visible()


def test_what_is_typed_into_the_settings_stays_while_others_work(
    server: LiveServer, open_page: Open, project: tuple[str, list[str]]
) -> None:
    page = enter(open_page(server), server, f"/projects/{project[0]}/settings")
    page.get_by_label("Description").fill("typed for a while")
    with page.expect_response(re.compile(rf"/projects/{project[0]}$")):
        server.http.patch(f"/projects/{project[0]}", json={"cover_image_id": project[1][0]}).raise_for_status()
    page.get_by_label("Project name").fill("Cats")
    expect(page.get_by_label("Description")).to_have_value("typed for a while")
    with held(page, r"/api/v1/projects\?"):
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.get_by_text("The project is saved")).to_be_visible()
    expect(page.get_by_label("Project name")).to_have_value("Cats")
    stored = server.http.get(f"/projects/{project[0]}").json()
    assert (stored["name"], stored["description"]) == ("Cats", "typed for a while")


def test_a_job_that_ends_before_its_page_has_heard_that_it_began(
    server: LiveServer, open_page: Open, project: tuple[str, list[str]]
) -> None:
    page = enter(open_page(server), server, f"/projects/{project[0]}/images?dialog=export")
    with answered_late(page, "/api/v1/jobs$", "POST") as answers:
        with page.expect_response(re.compile(r"/jobs\?")):  # its end is known here
            page.get_by_role("button", name="Start export").click()
            done = wait_for_any_job(server, project[0])
        assert done["state"] == "succeeded"
    assert answers[0].json()["state"] == "queued"
    expect(page.get_by_text("The export is ready")).to_be_visible()


def test_what_happens_while_a_page_loads_is_on_it(
    server: LiveServer, open_page: Open, project: tuple[str, list[str]]
) -> None:
    page = open_page(server)
    with held(page, "/api/v1/events"):
        enter(page, server, f"/projects/{project[0]}/images")
        expect(page.get_by_role("gridcell", name="c.png")).to_be_visible()
        server.http.post(f"/projects/{project[0]}/images", params={"name": "new.png"}, content=picture("#fff"))
    expect(page.get_by_role("gridcell", name="new.png")).to_be_visible()


def test_what_others_draw_while_an_image_opens_is_on_it(
    server: LiveServer, open_page: Open, project: tuple[str, list[str]]
) -> None:
    page = open_page(server)
    image = project[1][0]
    with answered_late(page, f"{image}/annotations$"):
        enter(page, server, f"/projects/{project[0]}/annotate/{image}")
        expect(page.get_by_text("1 of 3")).to_be_visible()
        with page.expect_request(re.compile(f"/images/{image}$")):  # the page has heard of it
            draw_by_another_program(server, project[0], image)
    Desk(page, server, image).count(1)


def test_a_box_drawn_before_the_classes_are_here_waits_for_them(
    server: LiveServer, open_page: Open, project: tuple[str, list[str]]
) -> None:
    page = open_page(server)
    at = Desk(page, server, project[1][0])
    with held(page, "/classes$"):
        enter(page, server, f"/projects/{project[0]}/annotate/{project[1][0]}")
        expect(page.get_by_text("1 of 3")).to_be_visible()
        expect(page.get_by_text("a.png").and_(page.locator(":visible")).first).to_be_visible()
        page.keyboard.press("b")
        at.drag((50, 50), (150, 120))
        at.drag((200, 60), (300, 160))
        expect(page.get_by_role("dialog")).to_have_count(0)
    at.count(2)
    assert at.boxes() == [[50, 50, 150, 120], [200, 60, 300, 160]]
