/** Which shape lies above which: `z` of the chosen ones, and of as few others as keep their places. */
import { boundsOf, intersects } from "./geometry/shape";
import { update } from "./store/changes";
import type { Annotation, Change } from "./store/changes";

export type Stacking = "front" | "forward" | "backward" | "back";

export interface Scene {
  readonly all: readonly Annotation[];
  /** Those whose bounds touch those of the given one, itself included. */
  readonly near: (annotation: Annotation) => readonly Annotation[];
}

/** Levels seen from the way that is gone: to the back everything is the other way round. */
class Levels {
  readonly #moved = new Map<string, number>();
  readonly #scene: Scene;
  readonly #sign: 1 | -1;

  constructor(scene: Scene, sign: 1 | -1) {
    this.#scene = scene;
    this.#sign = sign;
  }

  of(annotation: Annotation): number {
    return this.#moved.get(annotation.id) ?? this.#sign * annotation.z;
  }

  put(annotation: Annotation, level: number): void {
    this.#moved.set(annotation.id, level);
  }

  /** The others that touch it, except `chosen`. */
  touching(annotation: Annotation, chosen: ReadonlySet<string>): Annotation[] {
    const bounds = boundsOf(annotation.geometry);
    const near = this.#scene.near(annotation);
    return near.filter(
      (other) => other.id !== annotation.id && !chosen.has(other.id) && intersects(boundsOf(other.geometry), bounds),
    );
  }

  /** Puts it to `level`; what touches it and lies above `passed` goes on lying above it. */
  lift(annotation: Annotation, level: number, chosen: ReadonlySet<string>, passed = this.of(annotation)): void {
    this.put(annotation, level);
    for (const other of this.touching(annotation, chosen)) {
      const its = this.of(other);
      if (its > passed && its <= level) this.lift(other, level + 1, chosen);
    }
  }

  changes(): Change[] {
    const moved = this.#scene.all.filter(({ id }) => this.#moved.has(id));
    const to = (one: Annotation): number => this.#sign * this.of(one) || 0;
    return moved.flatMap((one) => (to(one) === one.z ? [] : [update(one, { z: to(one) })]));
  }
}

/** Beyond everything else, in their own order. */
function beyond(levels: Levels, chosen: readonly Annotation[], ids: ReadonlySet<string>, scene: Scene): void {
  const others = scene.all.filter(({ id }) => !ids.has(id)).map((one) => levels.of(one));
  if (others.length === 0) return;
  const top = others.reduce((a, b) => Math.max(a, b));
  if (chosen.every((one) => levels.of(one) > top)) return;
  const own = [...new Set(chosen.map((one) => levels.of(one)))].sort((a, b) => a - b);
  for (const one of chosen) levels.put(one, top + 1 + own.indexOf(levels.of(one)));
}

/** Beyond the next one that touches it; one that is level with it counts as lying above. */
function step(levels: Levels, chosen: readonly Annotation[], ids: ReadonlySet<string>): void {
  for (const one of chosen.toSorted((a, b) => levels.of(b) - levels.of(a))) {
    const level = levels.of(one);
    const above = levels.touching(one, ids).map((other) => levels.of(other)).filter((its) => its >= level); // prettier-ignore
    if (above.length === 0) continue;
    const next = above.reduce((a, b) => Math.min(a, b));
    levels.lift(one, next + 1, ids, next);
  }
}

/** What has to change so that the chosen ones lie where they shall; nothing where they do. */
export function stacking(how: Stacking, chosen: readonly Annotation[], scene: Scene): Change[] {
  const levels = new Levels(scene, how === "front" || how === "forward" ? 1 : -1);
  const ids = new Set(chosen.map(({ id }) => id));
  if (how === "front" || how === "back") beyond(levels, chosen, ids, scene);
  else step(levels, chosen, ids);
  return levels.changes();
}
