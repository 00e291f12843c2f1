/** What is made of whole shapes: pixels of outlines, outlines of pixels, shapes joined, subtracted, cut, simplified. */
import { cutPolygon, joinedPolygons, subtractedPolygons } from "./geometry/clip";
import { outerRings, outlineOf, pixelsOf, withoutHoles } from "./geometry/outline";
import { polygonOf } from "./geometry/polygon";
import { cutMask, joined, sameMask, subtracted } from "./geometry/raster";
import { areaOf, ringsOf } from "./geometry/shape";
import { simplified } from "./geometry/simplify";
import type { Geometry, Mask, Point, Polygon, Size } from "./geometry/types";
import { newId } from "./ids";
import { edited } from "./store/changes";
import type { Annotation, Change } from "./store/changes";

/** Most points of a polygon, as in the domain. */
const MAX_POINTS = 100_000;

/** Why nothing was done. */
export type Refusal =
  | "too fine"
  | "no pixels"
  | "two shapes"
  | "nothing left"
  | "not cut"
  | "simple"
  | "locked"
  | "no colours"
  | "press lost"
  | "outline lost";

export interface Outcome {
  readonly changes: readonly Change[];
  readonly refusal?: Refusal;
}

const NOTHING: Outcome = { changes: [] };

/** Each polygon as a mask, each mask and each ellipse as a polygon, as far as they can be. */
export function converting(annotations: readonly Annotation[], picture: Size): Outcome {
  return annotations.reduce<Outcome>((done, annotation) => {
    const made = converted(annotation.geometry, picture);
    if (made === null) return done;
    if (typeof made === "string") return { ...done, refusal: made };
    return { ...done, changes: [...done.changes, edited(annotation, { geometry: made })] };
  }, NOTHING);
}

function converted(geometry: Geometry, picture: Size): Geometry | Refusal | null {
  if (geometry.type === "ellipse") return polygonOf(...ringsOf(geometry));
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

type Shaped = Annotation & { readonly geometry: Mask | Polygon };
const isShaped = (annotation: Annotation): annotation is Shaped =>
  annotation.geometry.type === "mask" || annotation.geometry.type === "polygon";

const refused = (refusal: Refusal): Outcome => ({ changes: [], refusal });

const pixels = (geometry: Mask | Polygon, picture: Size): Mask | null =>
  geometry.type === "mask" ? geometry : pixelsOf(geometry.rings, picture);

/** Polygons stay polygons; with a mask among them all are taken as pixels. */
function combined(
  shapes: readonly Shaped[],
  picture: Size,
  polygons: (all: readonly Polygon[]) => Polygon | null,
  masks: (all: readonly Mask[]) => Mask | null,
): Mask | Polygon | null {
  const geometries = shapes.map(({ geometry }) => geometry);
  const outlines = geometries.filter((geometry) => geometry.type === "polygon");
  if (outlines.length === geometries.length) return polygons(outlines);
  const first = geometries[0] && pixels(geometries[0], picture);
  if (!first) return null;
  return masks([first, ...geometries.slice(1).flatMap((geometry) => pixels(geometry, picture) ?? [])]);
}

/** The first of them becomes all of them together; the others go. */
export function joining(annotations: readonly Annotation[], picture: Size): Outcome {
  const shapes = annotations.filter(isShaped);
  const [first, ...others] = shapes;
  if (!first || others.length === 0) return refused("two shapes");
  const geometry = combined(shapes, picture, joinedPolygons, joined);
  if (!geometry) return refused("nothing left");
  const gone = others.map((annotation): Change => ({ op: "delete", annotation }));
  return { changes: [edited(first, { geometry }), ...gone] };
}

/** The first of them loses what the others cover; the others stay. */
export function subtracting(annotations: readonly Annotation[], picture: Size): Outcome {
  const shapes = annotations.filter(isShaped);
  const [first, ...others] = shapes;
  if (!first || others.length === 0) return refused("two shapes");
  const geometry = combined(
    shapes,
    picture,
    ([one, ...rest]) => (one ? subtractedPolygons(one, rest) : null),
    ([one, ...rest]) => (one ? subtracted(one, rest) : null),
  );
  return geometry ? { changes: [edited(first, { geometry })] } : refused("nothing left");
}

/** Each that the line through two points cuts becomes two: the larger part keeps its name, the other one is new. */
export function slicing(annotations: readonly Annotation[], a: Point, b: Point, picture: Size): Outcome {
  const changes = annotations.filter(isShaped).flatMap((annotation): Change[] => {
    const { geometry } = annotation;
    const parts = geometry.type === "mask" ? cutMask(geometry, a, b) : cutPolygon(geometry, a, b, picture);
    if (!parts) return [];
    const [large, small] = areaOf(parts[0]) >= areaOf(parts[1]) ? parts : [parts[1], parts[0]];
    const state = annotation.state === "proposal" ? "accepted" : annotation.state;
    const other = { ...annotation, id: newId(), geometry: small, state, external_id: null, run_id: null };
    return [edited(annotation, { geometry: large }), { op: "create", annotation: other }];
  });
  return changes.length > 0 ? { changes } : refused("not cut");
}

/** Polygons with fewer corners, none of the old outline farther than `tolerance` pixels away. */
export function simplifying(annotations: readonly Annotation[], tolerance: number): Outcome {
  const polygons = annotations.filter(({ geometry }) => geometry.type === "polygon");
  const changes = polygons.flatMap((annotation) => {
    const { geometry } = annotation;
    const fewer = geometry.type === "polygon" ? simplified(geometry, tolerance) : null;
    return fewer ? [edited(annotation, { geometry: fewer })] : [];
  });
  if (changes.length > 0 || polygons.length === 0) return { changes };
  return refused("simple");
}
