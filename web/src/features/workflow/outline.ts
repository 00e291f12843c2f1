import type { Annotation } from "../../api/types";
import { ringsOf } from "../../canvas";

type Geometry = Annotation["geometry"];

/** Half the width of the cross at a point, in pixels of the picture. */
const CROSS = 4;

/** A shape as the path of an SVG in pixels of the picture; of a mask its bounds, at points crosses. */
export function outlineOf(shape: Geometry): string {
  if (shape.type === "points") {
    const crosses = shape.points.map(([x, y]) => `M${x - CROSS} ${y}H${x + CROSS}M${x} ${y - CROSS}V${y + CROSS}`);
    return crosses.join("");
  }
  const end = shape.type === "polyline" ? "" : "Z";
  return ringsOf(shape)
    .map((ring) => `M${ring.map((point) => point.join(" ")).join("L")}${end}`)
    .join("");
}
