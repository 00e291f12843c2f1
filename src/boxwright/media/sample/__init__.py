"""A rendered sample: coins, dice and buttons on tables, with exact masks. Nothing but numpy, OpenCV and Pillow.

One seed and one number give one picture, whatever else is rendered before, after or beside it.
"""

from boxwright.media.sample.picture import CLASSES, HEIGHT, WIDTH, Piece, Rendered, render

__all__ = ["CLASSES", "HEIGHT", "WIDTH", "Piece", "Rendered", "render"]
