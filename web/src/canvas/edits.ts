/** What keys do to shapes, as changes: moving, growing, copying, and single vertices. */
import { resizeBox } from "./geometry/box";
import { moveShape, stepOf } from "./geometry/move";
import { insertVertex, middleOf, moveVertex, removeVertex, vertexAt } from "./geometry/polygon";
import type { VertexRef } from "./geometry/polygon";
import { isJointed } from "./geometry/shape";
import { frameOf, fromLocal, inFrame, isTurnable, localHandle, resizeRotated, turnBy } from "./geometry/rotated";
import type { Point, Size } from "./geometry/types";
import { newId } from "./ids";
import { edited } from "./store/changes";
import type { Annotation, Change } from "./store/changes";

/** Moves all of them together, as far as the picture reaches. */
export function moving(annotations: readonly Annotation[], wanted: Point, picture: Size): Change[] {
  if (annotations.length === 0) return [];
  const step = stepOf(wanted, annotations.map(({ geometry }) => geometry), picture); // prettier-ignore
  return annotations.map((one) => edited(one, { geometry: moveShape(one.geometry, step, picture) }));
}

/** Turns the rotated boxes and ellipses among them, each about its own centre. */
export const turning = (annotations: readonly Annotation[], angle: number): Change[] =>
  annotations.flatMap((annotation) => {
    const { geometry } = annotation;
    if (!isTurnable(geometry)) return [];
    return [edited(annotation, { geometry: inFrame(geometry, turnBy(frameOf(geometry), angle)) })];
  });

/** Moves the right and the lower edge of the boxes and ellipses among them. */
export function growing(annotations: readonly Annotation[], [dx, dy]: Point, picture: Size): Change[] {
  return annotations.flatMap((annotation) => {
    const box = annotation.geometry;
    if (isTurnable(box)) {
      const frame = frameOf(box);
      const [x, y] = localHandle(frame, "se");
      const corner = fromLocal(frame, [Math.max(1 - x, x + dx), Math.max(1 - y, y + dy)]);
      return [edited(annotation, { geometry: inFrame(box, resizeRotated(frame, "se", corner)) })];
    }
    if (box.type !== "box") return [];
    const corner: Point = [Math.max(box.x0 + 1, box.x1 + dx), Math.max(box.y0 + 1, box.y1 + dy)];
    return [edited(annotation, { geometry: resizeBox(box, "se", corner, picture).box })];
  });
}

/** Copies a little to the lower right; a copy of a proposal is the work of a hand. */
export function copies(annotations: readonly Annotation[], offset: number, picture: Size): Annotation[] {
  return annotations.map((annotation) => {
    const step = stepOf([offset, offset], [annotation.geometry], picture);
    const geometry = moveShape(annotation.geometry, step, picture);
    const state = annotation.state === "proposal" ? "accepted" : annotation.state;
    return { ...annotation, geometry, id: newId(), state, external_id: null, run_id: null };
  });
}

/** Moves one vertex. */
export function movingVertex(annotation: Annotation, vertex: VertexRef, [dx, dy]: Point, picture: Size): Change[] {
  const { geometry } = annotation;
  const from = isJointed(geometry) ? vertexAt(geometry, vertex) : undefined;
  if (!isJointed(geometry) || !from) return [];
  const shape = moveVertex(geometry, vertex, [from[0] + dx, from[1] + dy], picture);
  return shape ? [edited(annotation, { geometry: shape })] : [];
}

/** Takes a vertex away, where enough are left without it. */
export function removingVertex(annotation: Annotation, vertex: VertexRef): Change[] {
  const { geometry } = annotation;
  const shape = isJointed(geometry) ? removeVertex(geometry, vertex) : null;
  return shape ? [edited(annotation, { geometry: shape })] : [];
}

/** Makes a vertex in the middle of the edge that begins at one. */
export function splitting(annotation: Annotation, vertex: VertexRef): Change[] {
  const { geometry } = annotation;
  const middle = isJointed(geometry) ? middleOf(geometry, vertex) : undefined;
  if (!isJointed(geometry) || !middle) return [];
  return [edited(annotation, { geometry: insertVertex(geometry, vertex, middle) })];
}
