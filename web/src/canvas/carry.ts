/** Shapes taken to another picture, or again to the same one: at the same place where that is possible. */
import type { Document } from "./document";
import { moveShape, stepOf } from "./geometry/move";
import { boundsOf } from "./geometry/shape";
import type { Geometry, Size } from "./geometry/types";
import { newId } from "./ids";
import type { Annotation, Change } from "./store/changes";
import { same } from "./store/same";

/** How far a copy stands from its original where both would lie exactly on each other, in image pixels. */
const BESIDE = 10;

const fits = ([x0, y0, x1, y1]: readonly [number, number, number, number], { width, height }: Size): boolean =>
  x0 >= 0 && y0 >= 0 && x1 <= width && y1 <= height;

/** The shape inside the picture, moved by as little as possible; null where it is too large for it. */
export function within(geometry: Geometry, picture: Size): Geometry | null {
  if (geometry.type === "mask")
    return geometry.width === picture.width && geometry.height === picture.height ? geometry : null;
  const bounds = boundsOf(geometry);
  if (fits(bounds, picture)) return geometry;
  const into = (from: number, to: number, limit: number): number => (from < 0 ? -from : Math.min(0, limit - to));
  const step = [into(bounds[0], bounds[2], picture.width), into(bounds[1], bounds[3], picture.height)] as const;
  const moved = moveShape(geometry, step, picture);
  return fits(boundsOf(moved), picture) ? moved : null;
}

const beside = (geometry: Geometry, picture: Size): Geometry =>
  moveShape(geometry, stepOf([BESIDE, BESIDE], [geometry], picture), picture);

const alike = (a: Annotation, b: Annotation): boolean => a.class_id === b.class_id && same(a.geometry, b.geometry);

/** A copy is the work of a hand: nobody imported it, and no run has proposed it. */
const copyOf = (annotation: Annotation, geometry: Geometry): Annotation => ({
  ...annotation,
  id: newId(),
  geometry,
  state: annotation.state === "proposal" ? "accepted" : annotation.state,
  external_id: null,
  run_id: null,
});

const creations = (annotations: readonly Annotation[]): Change[] =>
  annotations.map((annotation) => ({ op: "create", annotation }));

/** The changes that put copies of `annotations` into a document; beside what lies exactly there already. */
export function pasting(annotations: readonly Annotation[], { store, picture }: Document): Change[] {
  const present = store.all();
  return creations(
    annotations.flatMap((annotation) => {
      const geometry = within(annotation.geometry, picture);
      if (!geometry) return [];
      const copy = copyOf(annotation, geometry);
      const taken = present.some((one) => alike(one, copy));
      return [taken ? { ...copy, geometry: beside(geometry, picture) } : copy];
    }),
  );
}

/** The same, without those that are there already: doing it twice adds nothing. */
export function carrying(annotations: readonly Annotation[], { store, picture }: Document): Change[] {
  const present = store.all();
  return creations(
    annotations.flatMap((annotation) => {
      const geometry = within(annotation.geometry, picture);
      const copy = geometry && copyOf(annotation, geometry);
      return copy && !present.some((one) => alike(one, copy)) ? [copy] : [];
    }),
  );
}
