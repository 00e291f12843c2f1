"""How things are shown: tones of the picture, grid, crosshair, names, opacity; nothing of it reaches what is stored."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from desk import Desk

SERVER = "of_all"
pytestmark = [pytest.mark.e2e]
Shoot = Callable[[Page, str], None]
Color = tuple[int, int, int]
LAYERS = """() => [...document.querySelectorAll(".canvas > canvas")]
    .filter((canvas) => canvas.style.visibility !== "hidden").length"""


def color_at(at: Desk, x: float, y: float) -> Color:
    """What the screen shows at a point of the picture while the whole of it is in view."""
    left, top = at.screen(x, y)
    shot = at.page.screenshot(clip={"x": left, "y": top, "width": 1, "height": 1})
    r, g, b = Image.open(io.BytesIO(shot)).convert("RGB").getpixel((0, 0))  # type: ignore[misc]
    return int(r), int(g), int(b)


def colors_about(at: Desk, x: float, y: float, reach: int = 12) -> int:
    """How many colours there are around a point of the screen."""
    clip = {"x": x - reach, "y": y - reach, "width": 2 * reach, "height": 2 * reach}
    shot = Image.open(io.BytesIO(at.page.screenshot(clip=clip)))  # type: ignore[arg-type]
    return len(shot.convert("RGB").getcolors() or [])


def test_the_picture_is_shown_otherwise_and_stored_as_it_was(desk: Callable[..., Desk], shoot: Shoot) -> None:
    at = desk()
    press = at.page.keyboard.press
    press("b")
    at.drag((250, 150), (350, 250))
    at.count(1)
    press("Escape")
    press("Escape")
    at.saved()
    before, pixels = at.stored(), at.server.http.get(f"/images/{at.image}/file").content
    assert color_at(at, 380, 60) == (0x44, 0x44, 0x66)
    inside = color_at(at, 300, 200)

    press("w")
    dialog = at.page.get_by_role("dialog", name="View")
    brightness = dialog.get_by_role("slider", name="Brightness", exact=True)
    expect(brightness).to_be_focused()
    for _ in range(4):
        press("ArrowRight")
    expect(brightness).to_have_attribute("aria-valuenow", "120")
    at.page.wait_for_timeout(300)
    assert color_at(at, 380, 60) == (82, 82, 122)
    dialog.get_by_role("slider", name="Saturation").focus()
    press("Home")
    at.page.wait_for_timeout(300)
    grey = color_at(at, 380, 60)
    assert len(set(grey)) == 1
    assert grey[0] in range(82, 88)
    fill = dialog.get_by_role("slider", name="Opacity of insides")
    fill.focus()
    press("End")
    at.page.wait_for_timeout(300)
    assert color_at(at, 300, 200) != inside
    shoot(at.page, "view-settings")

    # Another visit finds it as it was left; then one is set back, and all.
    press("Escape")
    at.page.reload()
    at.count(1)
    at.page.wait_for_timeout(500)
    assert color_at(at, 380, 60) == grey
    press("F4")
    at.page.get_by_role("button", name="Saturation: set back").click()
    at.page.wait_for_timeout(300)
    assert color_at(at, 380, 60) == (82, 82, 122)
    at.page.get_by_role("button", name="Reset all").click()
    press("Escape")
    expect(dialog).to_be_hidden()
    at.page.wait_for_timeout(300)
    assert color_at(at, 380, 60) == (0x44, 0x44, 0x66)
    assert color_at(at, 300, 200) == inside
    assert at.stored() == before
    assert at.server.http.get(f"/images/{at.image}/file").content == pixels


def test_grid_crosshair_and_names_follow_their_keys(desk: Callable[..., Desk], shoot: Shoot) -> None:
    at = desk()
    press, mouse = at.page.keyboard.press, at.page.mouse
    press("b")
    at.drag((250, 150), (350, 250))
    at.count(1)
    press("Escape")
    press("Escape")
    x, y = at.screen(252, 146)  # on the name of the box
    mouse.move(*at.screen(20, 20))
    with_name = colors_about(at, x, y, 6)
    said = at.page.get_by_text
    press("t")
    expect(said("Names: All")).to_be_visible()
    press("t")
    expect(said("Names: None")).to_be_visible()
    at.page.wait_for_timeout(300)
    assert colors_about(at, x, y, 6) < with_name
    press("t")
    press("t")
    expect(said("Names: Few")).to_be_visible()

    far = at.screen(200, 20)
    assert colors_about(at, *far) == 1
    press("Shift+G")
    expect(said("Crosshair: Always")).to_be_visible()
    mouse.move(*at.screen(200, 100))
    at.page.wait_for_timeout(300)
    assert colors_about(at, *far) > 1
    press("Shift+G")
    expect(said("Crosshair: Never")).to_be_visible()
    press("b")
    mouse.move(*at.screen(200, 102))
    at.page.wait_for_timeout(300)
    assert colors_about(at, *far) == 1
    press("Escape")

    press("g")
    at.page.wait_for_timeout(300)
    assert colors_about(at, *far) == 1, "lines between pixels that are too small"
    mouse.move(*far)
    for _ in range(12):
        mouse.wheel(0, -240)
    at.page.wait_for_timeout(700)
    assert colors_about(at, *far, 30) > 2
    shoot(at.page, "view-grid")
    press("Shift+W")
    at.page.wait_for_timeout(300)
    assert colors_about(at, *far, 30) == 1


def test_the_settings_fit_a_phone(desk: Callable[..., Desk], shoot: Shoot) -> None:
    at = desk(width=390, height=844, touch=True, scheme="light")
    at.page.get_by_role("button", name="Brightness, contrast and other settings").tap()
    dialog = at.page.get_by_role("dialog", name="View")
    expect(dialog.get_by_role("slider", name="Width of outlines")).to_be_visible()
    shoot(at.page, "view-settings-phone")
    box = dialog.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390


def test_objects_are_locked_shown_alone_stacked_and_filtered(desk: Callable[..., Desk], shoot: Shoot) -> None:
    at = desk()
    press, page = at.page.keyboard.press, at.page
    for number, (start, end) in enumerate((((50, 50), (250, 250)), ((100, 100), (200, 200)))):
        press(str(number + 1))
        press("b")
        at.drag(start, end)
        at.count(number + 1)
    press("Escape")
    press("Escape")

    # The large one is brought before the small one: a click takes it, and the server has it so.
    at.saved()
    cat = at.stored()["annotations"][0]["class_id"]
    at.click(70, 70)
    press("Shift+PageUp")
    press("Escape")
    at.click(150, 150)
    expect(at.objects.get_by_label("Class of this object")).to_have_value(cat)
    at.saved()
    large, small = sorted(at.stored()["annotations"], key=lambda item: item["geometry"]["x0"])
    assert (large["z"], small["z"]) == (1, 0)
    press("Control+z")
    at.saved()
    assert {item["z"] for item in at.stored()["annotations"]} == {0}
    press("Control+y")
    at.saved()
    page.reload()
    at.count(2)
    at.click(150, 150)
    press("Shift+End")
    at.saved()
    large, small = sorted(at.stored()["annotations"], key=lambda item: item["geometry"]["x0"])
    assert (large["z"], small["z"]) == (-1, 0)

    # Locked: neither a click nor a key nor the list changes it.
    press("l")
    expect(page.get_by_text("1 object locked")).to_be_visible()
    locked = at.stored()
    press("Delete")
    expect(page.get_by_text("What is locked cannot be changed")).to_be_visible()
    press("ArrowRight")
    press("Escape")
    at.click(70, 70)
    expect(at.objects.get_by_role("button", name="Select object 2: cat, locked")).to_be_visible()
    at.drag((70, 70), (90, 90))
    press("0")
    press("f")
    at.count(2)
    assert at.stored()["annotations"] == locked["annotations"]
    shoot(page, "objects-locked")
    at.objects.get_by_role("button", name="Unlock object 2").click()
    at.click(70, 70)
    press("ArrowRight")
    assert sorted(at.boxes()) == [[51, 50, 251, 250], [100, 100, 200, 200]]
    press("Shift+K")
    expect(page.get_by_text("2 objects locked")).to_be_visible()
    press("Shift+K")
    expect(page.get_by_text("Nothing is locked any more")).to_be_visible()

    # Alone, and all again.
    press("Shift+Z")
    expect(at.objects.get_by_text("Only 1 object is shown.")).to_be_visible()
    press("Escape")
    at.click(150, 150)
    expect(at.objects.get_by_label("Class of this object")).to_have_count(1)
    press("Shift+Z")
    expect(at.objects.get_by_text("Only 1 object is shown.")).to_be_hidden()
    press("Escape")

    # A filter of the list, and of the picture where that is wanted.
    press("Shift+E")
    dialog = page.get_by_role("dialog", name="Which objects")
    dialog.get_by_label("Class").select_option("dog")
    expect(at.objects.get_by_text("1 of 2 pass the filter.")).to_be_visible()
    expect(at.objects.get_by_role("button", name="Select object")).to_have_count(1)
    dialog.get_by_label("Made by").select_option("A model")
    expect(at.objects.get_by_text("0 of 2 pass the filter.")).to_be_visible()
    dialog.get_by_label("Made by").select_option("By hand")
    dialog.get_by_role("switch", name="Hide the others").focus()
    press("Space")
    shoot(page, "objects-filter")
    press("Escape")
    expect(dialog).to_be_hidden()
    at.click(70, 70)
    expect(at.objects.get_by_label("Class of this object")).to_have_count(0)
    at.objects.get_by_role("button", name="Clear the filter").click()
    at.click(70, 70)
    expect(at.objects.get_by_label("Class of this object")).to_have_count(1)


def test_the_overview_moves_the_picture_and_the_selection_is_measured(desk: Callable[..., Desk], shoot: Shoot) -> None:
    at = desk()
    page, mouse, press = at.page, at.page.mouse, at.page.keyboard.press
    press("b")
    at.drag((100, 100), (200, 150))
    at.count(1)
    press("Escape")
    at.click(150, 120)
    at.saved()
    x0, y0, x1, y1 = (at.stored()["annotations"][0]["geometry"][key] for key in ("x0", "y0", "x1", "y1"))
    size = [f"{round(x1 - x0, 1):g}", f"{round(y1 - y0, 1):g}", f"{round((x1 - x0) * (y1 - y0)):,}"]
    expect(page.get_by_text(f"{size[0]} × {size[1]}, {size[2]} px²")).to_be_visible()
    overview = page.get_by_role("group", name="Overview")
    expect(overview).to_have_count(0)
    mouse.move(*at.screen(10, 10))
    for _ in range(4):
        mouse.wheel(0, -240)
    expect(overview).to_be_visible()
    shoot(page, "view-overview")
    frame = overview.locator("div")
    before, whole = frame.bounding_box(), overview.bounding_box()
    assert before is not None
    assert whole is not None
    mouse.move(whole["x"] + 20, whole["y"] + 20)
    mouse.down()
    mouse.move(whole["x"] + 100, whole["y"] + 80, steps=4)
    mouse.up()
    after = frame.bounding_box()
    assert after is not None
    middle = (after["x"] + after["width"] / 2 - whole["x"], after["y"] + after["height"] / 2 - whole["y"])
    assert abs(middle[0] - 100) < 3
    assert abs(middle[1] - 80) < 3
    overview.focus()
    press("ArrowLeft")
    page.wait_for_timeout(200)
    moved = frame.bounding_box()
    assert moved is not None
    assert moved["x"] < after["x"] - 2
    assert [at.stored()["annotations"][0]["geometry"][key] for key in ("x0", "x1")] == [x0, x1]
    press("Shift+O")
    expect(overview).to_have_count(0)
    press("Shift+O")
    press("f")
    expect(overview).to_have_count(0)


def test_picture_and_shapes_move_as_one_layer(desk: Callable[..., Desk]) -> None:
    at = desk()
    page, mouse, press = at.page, at.page.mouse, at.page.keyboard.press
    press("b")
    at.drag((150, 100), (250, 200))
    at.saved()
    press("Escape")
    press("Escape")
    page.wait_for_timeout(300)
    inside, beside = at.screen(200, 150), at.screen(380, 60)

    def shown(by: tuple[int, int]) -> list[Color]:
        """The colours inside of the box, on its edge and beside it, where the hand has moved them."""
        box = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
        at_edge = (at.screen(150, 150)[0] + by[0], at.screen(150, 150)[1] + by[1])
        points = [(x + by[0], y + by[1]) for x, y in (inside, beside)]
        return [box.getpixel((round(x), round(y))) for x, y in (*points, at_edge)]  # type: ignore[misc]

    def layers() -> int:
        return int(page.evaluate(LAYERS))

    before = shown((0, 0))
    x, y = beside
    mouse.move(x, y)
    mouse.down(button="middle")
    for step in range(1, 7):
        mouse.move(x + 10 * step, y + 5 * step)
        page.wait_for_timeout(40)
    assert layers() == 1
    assert shown((60, 30)) == before
    # What is changed meanwhile is seen at once.
    press("Control+z")
    at.count(0)
    page.wait_for_timeout(200)
    assert shown((60, 30))[0] == shown((60, 30))[1] == (0x44, 0x44, 0x66)
    mouse.move(x + 70, y + 35)
    mouse.move(x + 80, y + 40)
    page.wait_for_timeout(200)
    assert shown((80, 40))[0] == (0x44, 0x44, 0x66)
    mouse.up(button="middle")
