/** Selects, moves, resizes and reshapes. Dragging the empty picture moves the view, as on a map. */
import { moveShape, stepOf } from "../geometry/move";
import type { Geometry, Point } from "../geometry/types";
import { edited } from "../store/changes";
import type { Annotation } from "../store/changes";
import { followGrip, gripCursor } from "./handles";
import type { Follow } from "./handles";
import { Reshape, isOutlined } from "./reshape";
import { farFrom } from "./tool";
import type { GripHit, PointerInput, Preview, Tool, ToolHost } from "./tool";

type State =
  | { readonly type: "idle" }
  /** A shape is under the pressed button: a click, or the beginning of a move. */
  | { readonly type: "pressed"; readonly screen: Point; readonly image: Point }
  | {
      readonly type: "moving";
      readonly image: Point;
      readonly shapes: readonly Annotation[];
      readonly moved: readonly Preview[];
    }
  /** A corner, a side or the turning handle of a box. */
  | { readonly type: "resizing"; readonly original: Annotation; readonly follow: Follow; readonly geometry: Geometry }
  | { readonly type: "reshaping"; readonly reshape: Reshape }
  | { readonly type: "panning"; readonly first: Point; readonly last: Point; readonly far: boolean };

const IDLE: State = { type: "idle" };

export class SelectTool implements Tool {
  readonly name = "select";
  readonly #host: ToolHost;
  #state: State = IDLE;

  constructor(host: ToolHost) {
    this.#host = host;
  }

  get busy(): boolean {
    return this.#state.type !== "idle";
  }

  down(input: PointerInput): void {
    const hit = this.#host.gripAt(input);
    if (hit && this.#grip(hit, input)) return;
    this.#host.selectVertex(null);
    const target = this.#pick(input);
    if (target) this.#press(target, input);
    else this.#state = { type: "panning", first: input.screen, last: input.screen, far: false };
  }

  move(input: PointerInput): void {
    const state = this.#state;
    switch (state.type) {
      case "idle": {
        this.#look(input);
        return;
      }
      case "pressed": {
        this.#lift(state.screen, state.image, input);
        return;
      }
      case "moving": {
        this.#drag(state.image, state.shapes, input);
        return;
      }
      case "resizing": {
        this.#resize(state.original, state.follow, input);
        return;
      }
      case "reshaping": {
        state.reshape.move(input);
        return;
      }
      case "panning": {
        this.#pan(state.first, state.last, state.far, input);
        return;
      }
    }
  }

  up(input: PointerInput): void {
    this.move(input);
    const state = this.#state;
    this.#state = IDLE;
    if (state.type === "moving") this.#commit(state.shapes, state.moved);
    if (state.type === "resizing") this.#commit([state.original], [previewOf(state.original, state.geometry)]);
    if (state.type === "reshaping") state.reshape.up(input);
    if (state.type === "panning" && !state.far) this.#host.select([]);
    this.#look(input);
  }

  cancel(): void {
    this.#state = IDLE;
    this.#host.preview([]);
  }

  #grip({ annotation, grip }: GripHit, input: PointerInput): boolean {
    const { geometry } = annotation;
    const follow = followGrip(geometry, grip, input.image, this.#host.picture);
    if (follow) {
      this.#state = { type: "resizing", original: annotation, follow, geometry };
      this.#host.preview([previewOf(annotation, geometry)]);
    } else if (grip.kind !== "corner" && grip.kind !== "turn" && isOutlined(annotation)) {
      this.#state = { type: "reshaping", reshape: new Reshape(this.#host, annotation, grip, input) };
    }
    return this.#state.type !== "idle";
  }

  /** The shape that a press means; Alt takes the next one below the selected. */
  #pick(input: PointerInput): Annotation | undefined {
    const hits = this.#host.hits(input);
    if (!input.alt) return hits[0];
    const current = hits.findIndex(({ id }) => this.#host.selected.has(id));
    return hits[(current + 1) % Math.max(hits.length, 1)];
  }

  #press({ id }: Annotation, input: PointerInput): void {
    const selected = new Set(this.#host.selected);
    if (input.shift) {
      if (!selected.delete(id)) selected.add(id);
      this.#host.select(selected);
    } else if (!selected.has(id) || input.alt) {
      this.#host.select([id]);
    }
    this.#state = { type: "pressed", screen: input.screen, image: input.image };
  }

  #look(input: PointerInput): void {
    const hit = this.#host.gripAt(input);
    const target = hit?.annotation ?? this.#host.hits(input)[0];
    this.#host.hover(input.touch ? null : (target?.id ?? null));
    this.#host.cursor(
      hit ? gripCursor(hit.grip, hit.annotation.geometry) : target ? this.#overShape(target) : "default",
    );
  }

  #overShape(annotation: Annotation): string {
    return this.#host.selected.has(annotation.id) ? "move" : "pointer";
  }

  #lift(screen: Point, image: Point, input: PointerInput): void {
    if (!farFrom(input.screen, screen)) return;
    const free = Array.from(this.#host.selected).filter((id) => !this.#host.isLocked(id));
    const shapes = free.map((id) => this.#host.get(id)).filter((a) => a !== undefined);
    if (shapes.length === 0) {
      this.#state = { type: "panning", first: screen, last: screen, far: false };
      this.move(input);
      return;
    }
    this.#drag(image, shapes, input);
  }

  #drag(image: Point, shapes: readonly Annotation[], input: PointerInput): void {
    const { picture } = this.#host;
    const wanted: Point = [input.image[0] - image[0], input.image[1] - image[1]];
    const geometries = shapes.map(({ geometry }) => geometry);
    const step = stepOf(wanted, geometries, picture);
    const moved = shapes.map((shape) => previewOf(shape, moveShape(shape.geometry, step, picture)));
    this.#state = { type: "moving", image, shapes, moved };
    this.#host.cursor("move");
    this.#host.preview(moved);
  }

  #resize(original: Annotation, follow: Follow, input: PointerInput): void {
    const { geometry, cursor } = follow(input);
    this.#state = { type: "resizing", original, follow, geometry };
    this.#host.cursor(cursor);
    this.#host.preview([previewOf(original, geometry)]);
  }

  #pan(first: Point, last: Point, far: boolean, { screen }: PointerInput): void {
    if (!far && !farFrom(screen, first)) return;
    this.#state = { type: "panning", first, last: screen, far: true };
    this.#host.cursor("grabbing");
    this.#host.pan(screen[0] - last[0], screen[1] - last[1]);
  }

  #commit(originals: readonly Annotation[], previews: readonly Preview[]): void {
    const changes = originals.map((original, i) =>
      edited(original, { geometry: previews[i]?.geometry ?? original.geometry }),
    );
    this.#host.preview([]);
    this.#host.commit(changes);
  }
}

const previewOf = (annotation: Annotation, geometry: Geometry): Preview => ({
  id: annotation.id,
  classId: annotation.class_id,
  geometry,
});
