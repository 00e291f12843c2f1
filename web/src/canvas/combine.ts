/** What is made of whole shapes: pixels of outlines, outlines of pixels, shapes without holes. */
import { outerRings, outlineOf, pixelsOf, withoutHoles } from "./geometry/outline";
import { sameMask } from "./geometry/raster";
import type { Geometry, Size } from "./geometry/types";
import { edited } from "./store/changes";
import type { Annotation, Change } from "./store/changes";

/** Most points of a polygon, as in the domain. */
const MAX_POINTS = 100_000;

/** Why nothing was done. */
export type Refusal = "too fine" | "no pixels";

export interface Outcome {
  readonly changes: readonly Change[];
  readonly refusal?: Refusal;
}

const NOTHING: Outcome = { changes: [] };

/** Each polygon as a mask and each mask as a polygon, as far as they can be. */
export function converting(annotations: readonly Annotation[], picture: Size): Outcome {
  return annotations.reduce<Outcome>((done, annotation) => {
    const made = converted(annotation.geometry, picture);
    if (made === null) return done;
    if (typeof made === "string") return { ...done, refusal: made };
    return { ...done, changes: [...done.changes, edited(annotation, { geometry: made })] };
  }, NOTHING);
}

function converted(geometry: Geometry, picture: Size): Geometry | Refusal | null {
  if (geometry.type === "polygon") return pixelsOf(geometry.rings, picture) ?? "no pixels";
  if (geometry.type !== "mask") return null;
  const outline = outlineOf(geometry);
  const points = outline.rings.reduce((sum, ring) => sum + ring.length, 0);
  return points > MAX_POINTS ? "too fine" : outline;
}

/** Each of them without its holes, where it has some. */
export function fillingHoles(annotations: readonly Annotation[]): Change[] {
  return annotations.flatMap((annotation) => {
    const filled = filledOf(annotation.geometry);
    return filled ? [edited(annotation, { geometry: filled })] : [];
  });
}

function filledOf(geometry: Geometry): Geometry | null {
  if (geometry.type === "polygon") {
    const rings = outerRings(geometry);
    return rings.length < geometry.rings.length ? { ...geometry, rings } : null;
  }
  if (geometry.type !== "mask") return null;
  const filled = withoutHoles(geometry);
  return sameMask(filled, geometry) ? null : filled;
}
