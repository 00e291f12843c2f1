/** One vertex of a polygon, a line or a set of points under the hand: dragged, made in the middle of an edge, chosen or (Alt) taken away. */
import { insertVertex, middleOf, moveVertex, removeVertex, vertexAt } from "../geometry/polygon";
import type { VertexRef } from "../geometry/polygon";
import { isJointed } from "../geometry/shape";
import type { Jointed, Point } from "../geometry/types";
import type { Grip } from "../grips";
import { edited } from "../store/changes";
import type { Annotation } from "../store/changes";
import { farFrom } from "./tool";
import type { PointerInput, ToolHost } from "./tool";

export type Outlined = Annotation & { readonly geometry: Jointed };

export const isOutlined = (annotation: Annotation): annotation is Outlined => isJointed(annotation.geometry);

export class Reshape {
  readonly #host: ToolHost;
  readonly #original: Outlined;
  readonly #vertex: VertexRef;
  /** The shape with the vertex at its first place. */
  readonly #base: Jointed;
  readonly #start: Point;
  readonly #isNew: boolean;
  #shape: Jointed;
  #moved = false;

  constructor(
    host: ToolHost,
    original: Outlined,
    grip: Exclude<Grip, { kind: "corner" | "turn" }>,
    { screen }: PointerInput,
  ) {
    const { ring, index } = grip.at;
    const middle = grip.kind === "middle" ? middleOf(original.geometry, grip.at) : undefined;
    this.#host = host;
    this.#original = original;
    this.#isNew = middle !== undefined;
    this.#vertex = middle ? { ring, index: index + 1 } : grip.at;
    this.#base = middle ? insertVertex(original.geometry, grip.at, middle) : original.geometry;
    this.#shape = this.#base;
    this.#start = screen;
    host.selectVertex(middle ? null : grip.at);
    this.#show();
  }

  move({ screen }: PointerInput): void {
    this.#moved ||= farFrom(screen, this.#start);
    const from = vertexAt(this.#base, this.#vertex);
    if (!this.#moved || !from) return;
    const { camera, picture } = this.#host;
    const to: Point = [
      from[0] + (screen[0] - this.#start[0]) / camera.scale,
      from[1] + (screen[1] - this.#start[1]) / camera.scale,
    ];
    // Where no area or length would be left the vertex waits at its last good place.
    this.#shape = moveVertex(this.#base, this.#vertex, this.#host.snap(to, this.#original.id), picture) ?? this.#shape;
    this.#host.cursor("move");
    this.#show();
  }

  up({ alt }: PointerInput): void {
    const removes = alt && !this.#moved && !this.#isNew;
    const shape = removes ? removeVertex(this.#original.geometry, this.#vertex) : this.#shape;
    this.#host.preview([]);
    if (shape && shape !== this.#original.geometry) this.#host.commit([edited(this.#original, { geometry: shape })]);
    this.#host.selectVertex(removes && shape ? null : this.#vertex);
  }

  #show(): void {
    const { id, class_id: classId } = this.#original;
    this.#host.preview([{ id, classId, geometry: this.#shape }]);
  }
}
