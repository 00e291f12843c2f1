"""Make docs/images/editor.png: a real server, a drawn picture with boxes, the editor in real Chromium.

python scripts/screenshot.py
"""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageDraw, ImageFilter
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "docs" / "images" / "editor.png"
sys.path.insert(0, str(ROOT / "tests"))
from live import LiveServer  # noqa: E402 (found through the line above)

SIZE = (1280, 960)
GROUND = (240, 222, 216)
# Class, how many, least and most radius, colour of the rim and of the middle.
CELLS = (
    ("red cell", 26, (52, 64), (204, 112, 114), (226, 172, 168)),
    ("white cell", 2, (84, 96), (178, 150, 206), (92, 52, 140)),
    ("platelet", 5, (14, 18), (150, 92, 164), (120, 70, 140)),
)
Shape = tuple[int, float, float, float, float]


def place(rng: np.random.Generator, taken: list[Shape], index: int) -> Shape | None:
    """Find room for a cell of this class that touches no other; None when there is none."""
    low, high = CELLS[index][2]
    for _ in range(200):
        r = float(rng.uniform(low, high))
        x, y = (float(rng.uniform(r + 4, side - r - 4)) for side in SIZE)
        box = (x - r, y - r, x + r, y + r)
        if all(max(box[0], t[1]) >= min(box[2], t[3]) or max(box[1], t[2]) >= min(box[3], t[4]) for t in taken):
            return (index, *box)
    return None


def smear(seed: int) -> tuple[bytes, list[Shape]]:
    """Draw a blood smear that nobody took: JPEG bytes and its shapes."""
    rng = np.random.default_rng(seed)
    picture = Image.new("RGB", SIZE, GROUND)
    draw = ImageDraw.Draw(picture)
    shapes: list[Shape] = []
    for index in (1, 0, 2):
        for _ in range(CELLS[index][1]):
            shape = place(rng, shapes, index)
            if shape is None:
                continue
            shapes.append(shape)
            _, x0, y0, x1, y1 = shape
            inset = (x1 - x0) * (0.28 if index == 0 else 0.2)
            draw.ellipse((x0, y0, x1, y1), fill=CELLS[index][3])
            draw.ellipse((x0 + inset, y0 + inset, x1 - inset, y1 - inset), fill=CELLS[index][4])
    soft = np.asarray(picture.filter(ImageFilter.GaussianBlur(2.2)), np.int16)
    noisy = np.clip(soft + rng.normal(0, 2, soft.shape), 0, 255).astype(np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(noisy).save(buffer, "JPEG", quality=90)
    return buffer.getvalue(), shapes


def dataset(path: Path, pictures: int = 6) -> Path:
    """Write a COCO ZIP of drawn smears."""
    images: list[dict[str, Any]] = []
    annotations: list[dict[str, Any]] = []
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(1, pictures + 1):
            data, boxes = smear(number)
            name = f"smear_{number:02d}.jpg"
            archive.writestr(f"train/{name}", data)
            images.append({"id": number, "file_name": name, "width": SIZE[0], "height": SIZE[1]})
            for index, x0, y0, x1, y1 in boxes:
                item = {"id": len(annotations) + 1, "image_id": number, "category_id": index + 1, "iscrowd": 0}
                annotations.append({**item, "bbox": [x0, y0, x1 - x0, y1 - y0], "area": (x1 - x0) * (y1 - y0)})
        classes = [{"id": index + 1, "name": cell[0]} for index, cell in enumerate(CELLS)]
        document = {"images": images, "annotations": annotations, "categories": classes}
        archive.writestr("annotations/instances_train.json", json.dumps(document))
    return path


def fill(server: LiveServer, archive: Path) -> str:
    """Import the dataset; returns the path of the editor on its second picture."""
    options = ["--project", "Blood smears", "--create-project", "--data", str(server.data), "--json"]
    subprocess.run(
        [sys.executable, "-m", "boxwright", "import", str(archive), *options], check=True, capture_output=True
    )
    project = server.http.get("/projects").raise_for_status().json()["items"][0]["id"]
    images = server.http.get(f"/projects/{project}/images").raise_for_status().json()["items"]
    return f"/projects/{project}/annotate/{sorted(images, key=lambda image: str(image['name']))[1]['id']}"


def shoot(server: LiveServer, path: str) -> None:
    """Open the editor signed in, choose one box, save the picture with few colours."""
    program = os.environ.get("BOXWRIGHT_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, args=["--headless", "--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(server.sign_in_link())
        page.wait_for_url("**/projects**")
        page.goto(server.address["url"] + path)
        objects = page.get_by_role("region", name="Objects")
        objects.get_by_role("button", name=re.compile("Select object 2\\b")).click()
        page.wait_for_timeout(1500)
        data = page.screenshot()
        browser.close()
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    Image.open(io.BytesIO(data)).convert("RGB").quantize(192).save(TARGET, optimize=True)


def main() -> int:
    """Take the picture; returns the exit status."""
    with tempfile.TemporaryDirectory() as name:
        server = LiveServer(Path(name) / "data").start()
        try:
            shoot(server, fill(server, dataset(Path(name) / "smears.zip")))
        finally:
            server.stop()
    print(f"{TARGET.relative_to(ROOT)}: {TARGET.stat().st_size // 1024} KiB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
