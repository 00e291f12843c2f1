"""The page that deals images out and looks a dataset through, with real mouse and keys."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from playwright.sync_api import Page, expect

from live import LiveServer
from scenes import make_scene

SERVER = "of_all"


def project_of(server: LiveServer, name: str, *pictures: tuple[str, int, str]) -> str:
    """Make a project with pictures (name, seed of the scene, split)."""
    project: str = server.http.post("/projects", json={"name": name}).raise_for_status().json()["id"]
    for file, seed, split in pictures:
        params = {"name": file, "split": split}
        server.http.post(f"/projects/{project}/images", params=params, content=make_scene(seed).data).raise_for_status()
    return project


def splits(server: LiveServer, project: str) -> dict[str, str]:
    items = server.http.get(f"/projects/{project}/images", params={"limit": 500}).raise_for_status().json()["items"]
    return {item["name"]: item["split"] for item in items}


def test_images_are_dealt_out_taken_back_and_brought_together(
    server: LiveServer, open_page: Callable[..., Page], shoot: Callable[[Page, str], None]
) -> None:
    new = [(f"{n:02}.jpg", n, "none") for n in range(16)]
    project = project_of(server, "Deal", ("a.jpg", 90, "train"), ("b.jpg", 90, "test"), *new)
    before = splits(server, project)
    page = open_page(server)
    page.goto(f"{server.address['url']}/projects/{project}/images")
    page.get_by_role("link", name="Split and check").click()
    for split, weight in (("Train", "50"), ("Validation", "25"), ("Test", "25")):
        page.get_by_role("textbox", name=split).fill(weight)
    apply = page.get_by_role("button", name="Move 16 images")
    expect(apply).to_be_enabled()
    row = page.get_by_role("row", name="Images")
    expect(row).to_contain_text("was 16")
    shoot(page, "dataset-split")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("alert").get_by_text("16 images moved")).to_be_visible()
    dealt = splits(server, project)
    counts = Counter(dealt.values())
    assert (counts["train"], {counts["val"], counts["test"]}) == (9, {4, 5})
    expect(page.get_by_text("Nothing changes")).to_be_visible()
    # The same bytes are in train and test: planned, looked at, applied.
    leaks = page.get_by_role("region", name="In several splits at once")
    expect(leaks.get_by_role("link", name="a.jpg")).to_be_visible()
    leaks.get_by_role("button", name="Bring them together").click()
    page.get_by_role("button", name="Move 1 image").click()
    expect(leaks.get_by_text("Nothing lies in several splits")).to_be_visible()
    assert len({splits(server, project)[name] for name in ("a.jpg", "b.jpg")}) == 1
    # Both changes are taken back, the last one first; the address can be loaded again.
    page.reload()
    history = page.get_by_role("region", name="Changes of the splits")
    mended = history.get_by_role("listitem").filter(has_text="None")
    expect(mended.get_by_role("button", name="Undo")).to_be_visible()
    mended.get_by_role("button", name="Undo").click()
    expect(history.get_by_role("listitem")).to_have_count(3)
    history.get_by_role("listitem").filter(has_text="New ones").get_by_role("button", name="Undo").click()
    expect(history.get_by_role("listitem")).to_have_count(4)
    assert splits(server, project) == before


def test_duplicates_and_flaws_are_found_and_cleared(
    server: LiveServer, open_page: Callable[..., Page], shoot: Callable[[Page, str], None]
) -> None:
    named = [("a.jpg", 1, "train"), ("b.jpg", 1, "none"), ("c.jpg", 2, "none"), ("d.jpg", 2, "none")]
    project = project_of(server, "Check", *named, ("e.jpg", 3, "none"))
    page = open_page(server)
    page.goto(f"{server.address['url']}/projects/{project}/dataset")
    page.get_by_role("tab", name="Duplicates").click()
    page.get_by_role("button", name="Look at 5 images").click()
    expect(page.get_by_text("Every image has been looked at")).to_be_visible()
    expect(page.get_by_role("article").first).to_be_visible()
    assert page.get_by_role("article").count() == 2
    shoot(page, "dataset-duplicates")
    page.get_by_role("button", name="Keep b.jpg").click()
    expect(page.get_by_role("article")).to_have_count(1)
    assert set(splits(server, project)) == {"b.jpg", "c.jpg", "d.jpg", "e.jpg"}
    page.get_by_role("alert").get_by_role("button", name="Undo").click()
    expect(page.get_by_role("article")).to_have_count(2)
    page.get_by_role("button", name="Keep the best of each group (2 to the trash)").click()
    expect(page.get_by_text("No images show the same")).to_be_visible()
    assert len(splits(server, project)) == 3
    # Flaws: another limit stands in the address; what is selected goes to the trash.
    page.get_by_role("tab", name="Flaws").click()
    page.get_by_text("Tiny").click()
    page.get_by_role("textbox", name="Shorter side below").fill("200")
    expect(page.get_by_role("gridcell")).to_have_count(3)
    page.reload()
    expect(page.get_by_role("gridcell")).to_have_count(3)
    shoot(page, "dataset-flaws")
    page.get_by_role("gridcell").first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Delete")
    expect(page.get_by_role("gridcell")).to_have_count(2)
    assert len(splits(server, project)) == 2


def test_a_version_is_compared_and_brought_back(
    server: LiveServer, open_page: Callable[..., Page], shoot: Callable[[Page, str], None]
) -> None:
    project = project_of(server, "Versions", ("a.jpg", 1, "train"), ("b.jpg", 2, "none"))
    page = open_page(server)
    page.goto(f"{server.address['url']}/projects/{project}/images?dialog=versions")
    page.get_by_role("textbox", name="Name").fill("first")
    page.keyboard.press("Enter")
    expect(page.get_by_role("article", name="first")).to_be_visible()
    ids = {item["name"]: item["id"] for item in server.http.get(f"/projects/{project}/images").json()["items"]}
    for body in (
        {"ids": [ids["a.jpg"]], "action": "trash"},
        {"ids": [ids["b.jpg"]], "action": "move", "split": "test"},
    ):
        server.http.post(f"/projects/{project}/images/bulk", json=body).raise_for_status()
    page.get_by_role("button", name="Compare first").click()
    changes = page.get_by_role("dialog", name="Changes since first")
    expect(changes.get_by_role("row", name="b.jpg")).to_contain_text("Unassigned → Test")
    expect(changes.get_by_role("row", name="a.jpg")).to_contain_text("Removed")
    shoot(page, "version-changes")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Bring back first").click()
    page.get_by_role("dialog", name="Bring the project back").get_by_role("button", name="Bring back").click()
    message = page.get_by_role("alert").filter(has_text="1 came back")
    expect(message).to_be_visible()
    assert splits(server, project) == {"a.jpg": "train", "b.jpg": "none"}
    expect(page.get_by_role("article", name="Before first came back")).to_be_visible()
    message.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("article")).to_have_count(2)
    page.wait_for_timeout(500)
    assert splits(server, project) == {"b.jpg": "test"}
    page.get_by_role("button", name="Export first").click()
    expect(page.get_by_role("dialog", name="Export").get_by_role("combobox", name="What to export")).to_have_value(
        "first"
    )
