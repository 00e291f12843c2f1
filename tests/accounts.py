"""People with accounts: made on a server, put into a project, and signed in at browsers of their own."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from playwright.sync_api import Page, expect

from live import LiveServer

PASSWORD = "correct horse battery"


def add_people(server: LiveServer, project: str, roles: Mapping[str, str]) -> None:
    """Make an account of each name, a member of the project in that role."""
    for name, role in roles.items():
        server.http.post("/users", json={"name": name, "password": PASSWORD}).raise_for_status()
        server.http.post(f"/projects/{project}/members", json={"name": name, "role": role}).raise_for_status()


def signed_in(
    open_page: Callable[..., Page], server: LiveServer, name: str, *, forgive: str = "status of 401", **look: object
) -> Page:
    """A browser in which that person is signed in."""
    page = open_page(server, who="nobody", forgive=forgive, **look)
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", name="Projects")).to_be_visible()
    return page
