"""What is struck into coins: numerals, rings, stars and plants as heights, and their slopes."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from boxwright.media.sample.arrays import Array, ramp
from boxwright.media.sample.noise import look_up

SIDE = 256
_DRAWN = 512
_LEGENDS = ("LABEL · TRAIN · DETECT · ", "BOXWRIGHT MINT · ", "ONE BOX AT A TIME · ", "WREN AND COMPANY · ")
Pen = ImageDraw.ImageDraw


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Face:
    """One side of a coin as (SIDE, SIDE) pixels over the square around it: slopes, and the light in its grooves."""

    slopes: Array  # (SIDE, SIDE, 3): slope in x, slope in y, hollow


def _polar(radius: float, angle: float) -> tuple[float, float]:
    half = _DRAWN / 2
    return half + radius * half * float(np.sin(angle)), half - radius * half * float(np.cos(angle))


def _legend(image: Image.Image, text: str, radius: float) -> None:
    """Write a text around the coin, letter by letter."""
    font = ImageFont.load_default(40)
    angle_of = 40 * 0.66 / (radius * _DRAWN / 2)
    whole = (text * 3)[: max(8, int(2 * np.pi / angle_of) // len(text) * len(text)) or len(text)]
    for number, letter in enumerate(whole):
        angle = 2 * np.pi * number / len(whole)
        stamp = Image.new("L", (64, 64), 0)
        ImageDraw.Draw(stamp).text((32, 32), letter, 255, font, anchor="mm")
        turned = stamp.rotate(-np.degrees(angle), Image.Resampling.BICUBIC)
        x, y = _polar(radius, angle)
        image.paste(255, (int(x) - 32, int(y) - 32), turned)


def _beads(pen: Pen, radius: float, count: int) -> None:
    for number in range(count):
        x, y = _polar(radius, 2 * np.pi * number / count)
        pen.ellipse((x - 6, y - 6, x + 6, y + 6), fill=255)


def _numeral(text: str) -> Callable[[Pen], None]:
    def draw(pen: Pen) -> None:
        font = ImageFont.load_default(250 if len(text) == 1 else 190)
        pen.text((_DRAWN / 2, _DRAWN / 2), text, 255, font, anchor="mm", stroke_width=7)

    return draw


def _star(pen: Pen) -> None:
    points = [_polar(0.46 if number % 2 == 0 else 0.19, np.pi * number / 5) for number in range(10)]
    pen.polygon(points, fill=255)


def _sun(pen: Pen) -> None:
    half = _DRAWN / 2
    pen.ellipse((half - 60, half - 60, half + 60, half + 60), fill=255)
    for number in range(16):
        angle = 2 * np.pi * number / 16
        tip = 0.58 if number % 2 == 0 else 0.47
        pen.polygon([_polar(0.28, angle - 0.12), _polar(tip, angle), _polar(0.28, angle + 0.12)], fill=255)


def _tree(pen: Pen) -> None:
    half = _DRAWN / 2
    pen.polygon([(half - 14, 400), (half + 14, 400), (half + 9, 250), (half - 9, 250)], fill=255)
    for x, y, r in ((0, 175, 70), (-62, 225, 52), (62, 225, 52), (-30, 150, 45), (34, 148, 45), (0, 250, 50)):
        pen.ellipse((half + x - r, y - r, half + x + r, y + r), fill=255)
    pen.line((half - 90, 402, half + 90, 402), fill=255, width=12)


def _crown(pen: Pen) -> None:
    half = _DRAWN / 2
    body = [(-120, 330), (-140, 190), (-70, 260), (0, 150), (70, 260), (140, 190), (120, 330)]
    pen.polygon([(half + x, y) for x, y in body], fill=255)
    for x, y in ((-140, 180), (0, 140), (140, 180)):
        pen.ellipse((half + x - 16, y - 16, half + x + 16, y + 16), fill=255)
    pen.rectangle((half - 120, 345, half + 120, 372), fill=255)


def _sprigs(pen: Pen) -> None:
    """Two twigs left and right, as around many a numeral."""
    for side in (-1, 1):
        for number in range(9):
            angle = side * (np.pi - 0.25 - number * 0.27)
            for inner, outer, bend in ((0.60, 0.70, 0.16), (0.58, 0.49, 0.16)):
                base, tip = _polar(inner, angle), _polar(outer, angle - side * bend)
                mid_a = _polar((inner + outer) / 2 + 0.03, angle - side * bend * 0.4)
                mid_b = _polar((inner + outer) / 2 - 0.03, angle - side * bend * 0.6)
                pen.polygon([base, mid_a, tip, mid_b], fill=255)


def _drawing(name: str) -> Image.Image:
    image = Image.new("L", (_DRAWN, _DRAWN), 0)
    pen = ImageDraw.Draw(image)
    middles = {"star": _star, "sun": _sun, "tree": _tree, "crown": _crown}
    if name in middles:
        middles[name](pen)
        _legend(image, _LEGENDS[sorted(middles).index(name)], 0.75)
    else:
        _numeral(name)(pen)
        _sprigs(pen)
        _beads(pen, 0.82, 60)
    return image


FACES = ("1", "2", "5", "10", "20", "50", "star", "sun", "tree", "crown")


@cache
def face(name: str) -> Face:
    """Return one side of a coin by its name in FACES."""
    struck = np.asarray(_drawing(name), np.float32) / 255
    struck = cv2.GaussianBlur(struck, (0, 0), 3.0) * 0.6 + cv2.GaussianBlur(struck, (0, 0), 8.0) * 0.4
    struck = np.asarray(cv2.resize(struck, (SIDE, SIDE), interpolation=cv2.INTER_AREA), np.float32)
    axis = (np.arange(SIDE, dtype=np.float32) + 0.5) / SIDE * 2 - 1
    radius = np.hypot(axis[None, :], axis[:, None])
    rim = ramp(radius, 0.86, 0.90)
    height = struck * 0.9 + rim * 1.1
    slope_x = cv2.Sobel(height, cv2.CV_32F, 1, 0, ksize=3, scale=SIDE / 16)
    slope_y = -cv2.Sobel(height, cv2.CV_32F, 0, 1, ksize=3, scale=SIDE / 16)
    hollow = (1 - 0.9 * (cv2.GaussianBlur(height, (0, 0), 5.0) - height).clip(0, None)).clip(0.25, 1)
    return Face(slopes=np.ascontiguousarray(np.stack([slope_x, slope_y, hollow], 2), np.float32))


def struck(name: str, x: Array, y: Array) -> Array:
    """Return slopes in x and y and the light in the grooves (n, 3) at places -1 to 1 of a side, y upward."""
    half = np.float32(SIDE / 2)
    return look_up(face(name).slopes, (x + 1) * half - 0.5, (1 - y) * half - 0.5)
