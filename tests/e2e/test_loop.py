"""The whole loop, clicked through in a real browser: upload, draw, train, look, predict, take away."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Download, Page, expect

from live import LiveServer
from looking import settle
from scenes import coco_zip, make_scene

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
MINUTES = 60_000
Open = Callable[..., Page]
Shoot = Callable[[Page, str], None]


def download(page: Page, click: Callable[[], None]) -> Download:
    with page.expect_download() as caught:
        click()
    return caught.value


def read(found: Download) -> bytes:
    return Path(found.path()).read_bytes()


def new_project(page: Page, name: str) -> None:
    page.get_by_role("button", name="Create the first project").click()
    page.get_by_label("Project name").fill(name)
    page.get_by_role("button", name="Create project").click()
    expect(page.get_by_role("heading", name="No images yet")).to_be_visible()


def import_dataset(page: Page, archive: Path) -> None:
    page.get_by_role("button", name="Import a dataset").click()
    dialog = page.get_by_role("dialog", name="Import a dataset")
    dialog.locator("input[type=file]").set_input_files(archive)
    expect(dialog.get_by_text("COCO: 32 images")).to_be_visible(timeout=MINUTES)
    dialog.get_by_role("button", name="Import 32 images").click()
    expect(dialog.get_by_text("The dataset is imported")).to_be_visible(timeout=MINUTES)
    dialog.get_by_role("button", name="Show the images").click()


def upload_images(page: Page, folder: Path) -> None:
    files = []
    for number in (1, 2):
        scene = make_scene(900 + number, name=f"new_{number}.jpg")
        files.append(folder / scene.name)
        files[-1].write_bytes(scene.data)
    (folder / "notes.jpg").write_text("not a picture at all")
    page.get_by_role("tab", name="Train").click()
    page.locator("input[type=file][multiple]").first.set_input_files([*files, folder / "notes.jpg"])
    expect(page.get_by_role("gridcell", name=re.compile("new_1.jpg"))).to_be_visible()
    expect(page.get_by_text("notes.jpg").first).to_be_visible()


def draw(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    """Drag over the picture; positions are parts of the canvas."""
    area = page.get_by_role("application").bounding_box()
    assert area is not None
    points = [(area["x"] + area["width"] * x, area["y"] + area["height"] * y) for x, y in (start, end)]
    page.mouse.move(*points[0])
    page.mouse.down()
    page.mouse.move(*points[1], steps=8)
    page.mouse.up()


def annotate(page: Page, server: LiveServer, shoot: Shoot) -> None:
    page.get_by_role("gridcell", name=re.compile("new_1.jpg")).dblclick()
    expect(page.get_by_role("region", name="Annotation editor")).to_be_visible()
    objects = page.get_by_role("region", name="Objects")
    expect(page.get_by_text("128 × 96 px")).to_be_visible()
    settle(page)
    expect(page.get_by_role("button", name=re.compile("^square"))).to_be_visible()
    page.keyboard.press("n")
    page.keyboard.press("2")
    expect(page.get_by_role("button", name="Draw boxes")).to_have_attribute("aria-pressed", "true")
    draw(page, (0.3, 0.3), (0.5, 0.5))
    expect(objects.get_by_role("heading")).to_have_text(re.compile("1"))
    expect(objects.get_by_text("square")).to_be_visible()
    page.keyboard.press("n")
    draw(page, (0.55, 0.55), (0.7, 0.7))
    expect(objects.get_by_role("heading")).to_have_text(re.compile("2"))
    page.keyboard.press("Control+z")
    expect(objects.get_by_role("heading")).to_have_text(re.compile("1"))
    page.keyboard.press("Control+Shift+z")
    expect(objects.get_by_role("heading")).to_have_text(re.compile("2"))
    page.keyboard.press("Escape")
    objects.get_by_role("button", name=re.compile("Select object 2")).click()
    page.keyboard.press("1")
    expect(objects.locator("select option:checked")).to_have_text("disc")
    page.keyboard.press("Delete")
    expect(objects.get_by_role("heading")).to_have_text(re.compile("1"))
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()
    shoot(page, "annotate")
    image = page.url.split("/annotate/")[1].split("?")[0]
    stored = server.http.get(f"/images/{image}/annotations").json()["annotations"]
    assert len(stored) == 1
    page.reload()
    expect(objects.get_by_role("heading")).to_have_text(re.compile("1"))


def go(page: Page, room: str) -> None:
    page.get_by_role("navigation", name="Project").get_by_role("link", name=room).click()


def train(page: Page, shoot: Shoot) -> None:
    go(page, "Train")
    page.get_by_label("Name of the model").fill("first")
    page.get_by_label("Epochs").fill("3")
    page.get_by_label("Image size").fill("333")
    expect(page.get_by_role("button", name="Start training")).to_be_disabled()
    page.get_by_label("Image size").fill("64")
    page.get_by_role("button", name="Start training").click()
    expect(page).to_have_url(re.compile(r"/train/[0-9a-f-]{36}"))
    shoot(page, "training-live")
    expect(page.get_by_text("Done", exact=False).first).to_be_visible(timeout=5 * MINUTES)
    shoot(page, "training-done")


def look_at_the_model(page: Page, shoot: Shoot) -> None:
    go(page, "Models")
    shoot(page, "models")
    page.get_by_role("link", name=re.compile("first")).first.click()
    expect(page.get_by_role("heading", name="Average precision by class")).to_be_visible()
    for word in ("disc", "square", "mAP 50–95", "AP50"):
        expect(page.get_by_text(word).first).to_be_visible()
    shoot(page, "model")
    archive = zipfile.ZipFile(io.BytesIO(read(download(page, page.get_by_role("link", name="Download").click))))
    assert {"model.onnx", "weights.safetensors", "card.json"} <= set(archive.namelist())
    assert json.loads(archive.read("card.json"))["classes"][0]["name"] == "disc"


def predict(page: Page, folder: Path, shoot: Shoot) -> None:
    go(page, "Predict")
    files = [folder / "new_1.jpg", folder / "new_2.jpg"]
    page.locator("input[type=file]").first.set_input_files(files)
    page.get_by_role("button", name="Start prediction").click()
    expect(page.get_by_role("button", name=re.compile("Enlarge new_1.jpg"))).to_be_visible(timeout=MINUTES)
    expect(page.get_by_text("Waiting")).to_have_count(0, timeout=MINUTES)
    expect(page.get_by_label("Score at least").first).to_be_visible()
    shoot(page, "predictions")

    def result(name: str) -> bytes:
        page.get_by_role("button", name="Download results").click()
        item = page.get_by_role("menuitem", name=re.compile(re.escape(name)))
        return read(download(page, item.click))

    drawn = zipfile.ZipFile(io.BytesIO(result("Images with boxes drawn")))
    assert len(drawn.namelist()) == 2
    rows = list(csv.reader(io.StringIO(result("Table (CSV)").decode("utf-8-sig"))))
    assert "score" in rows[0]


def take_away(page: Page) -> None:
    go(page, "Images")
    page.get_by_role("button", name="Export").click()
    dialog = page.get_by_role("dialog", name="Export the dataset")
    dialog.get_by_role("button", name="Start export").click()
    expect(dialog.get_by_text("The export is ready")).to_be_visible(timeout=MINUTES)
    button = dialog.get_by_role("button", name="Download ZIP").or_(dialog.get_by_role("link", name="Download ZIP"))
    archive = zipfile.ZipFile(io.BytesIO(read(download(page, button.click))))
    assert any(name.endswith("instances_train.json") for name in archive.namelist())
    assert sum(name.endswith(".jpg") for name in archive.namelist()) == 34
    page.keyboard.press("Escape")


def test_the_loop(server: LiveServer, open_page: Open, shoot: Shoot, tmp_path: Path) -> None:
    pytest.importorskip("torch", reason="training needs boxwright[train]")
    page = open_page(server, who="link", forgive=r"notes\.jpg|422|status of 422")
    shoot(page, "welcome")
    new_project(page, "Shapes")
    import_dataset(page, coco_zip(tmp_path / "coco.zip", train=20, val=6, test=6))
    upload_images(page, tmp_path)
    shoot(page, "images")
    annotate(page, server, shoot)
    train(page, shoot)
    look_at_the_model(page, shoot)
    predict(page, tmp_path, shoot)
    take_away(page)
