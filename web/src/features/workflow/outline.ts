import type { Annotation } from "../../api/types";

type Geometry = Annotation["geometry"];

const path = (points: readonly (readonly number[])[]): string =>
  `M${points.map((point) => point.join(" ")).join("L")}Z`;

const rectangle = (x0: number, y0: number, x1: number, y1: number): string =>
  path([
    [x0, y0],
    [x1, y0],
    [x1, y1],
    [x0, y1],
  ]);

/** The bounds of the pixels of a mask: column-major runs that begin with background. */
function maskBounds({ counts, height }: Extract<Geometry, { type: "mask" }>): string {
  let [x0, y0, x1, y1] = [Infinity, height, 0, 0];
  let at = 0;
  counts.forEach((run, place) => {
    if (place % 2 === 1 && run > 0) {
      const [first, last] = [Math.floor(at / height), Math.floor((at + run - 1) / height)];
      x0 = Math.min(x0, first);
      x1 = Math.max(x1, last + 1);
      y0 = last > first ? 0 : Math.min(y0, at % height);
      y1 = last > first ? height : Math.max(y1, ((at + run - 1) % height) + 1);
    }
    at += run;
  });
  return rectangle(x0, y0, x1, y1);
}

/** A shape as the path of an SVG in pixels of the picture; of a mask its bounds. */
export function outlineOf(shape: Geometry): string {
  switch (shape.type) {
    case "box":
      return rectangle(shape.x0, shape.y0, shape.x1, shape.y1);
    case "polygon":
      return shape.rings.map((ring) => path(ring as unknown as number[][])).join("");
    case "mask":
      return maskBounds(shape);
    case "rotated_box": {
      const [cos, sin] = [Math.cos(shape.angle), Math.sin(shape.angle)];
      const corner = (dx: number, dy: number) => [
        shape.cx + (dx * shape.w * cos - dy * shape.h * sin) / 2,
        shape.cy + (dx * shape.w * sin + dy * shape.h * cos) / 2,
      ];
      return path([corner(-1, -1), corner(1, -1), corner(1, 1), corner(-1, 1)]);
    }
    default:
      return "";
  }
}
