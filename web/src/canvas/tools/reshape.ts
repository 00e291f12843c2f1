/** One vertex of a polygon under the hand: dragged, made in the middle of an edge, chosen or (Alt) taken away. */
import { insertVertex, middleOf, moveVertex, removeVertex, vertexAt } from "../geometry/polygon";
import type { VertexRef } from "../geometry/polygon";
import type { Point, Polygon } from "../geometry/types";
import type { Grip } from "../grips";
import { edited } from "../store/changes";
import type { Annotation } from "../store/changes";
import { farFrom } from "./tool";
import type { PointerInput, ToolHost } from "./tool";

export type Outlined = Annotation & { readonly geometry: Polygon };

export const isOutlined = (annotation: Annotation): annotation is Outlined => annotation.geometry.type === "polygon";

export class Reshape {
  readonly #host: ToolHost;
  readonly #original: Outlined;
  readonly #vertex: VertexRef;
  /** The polygon with the vertex at its first place. */
  readonly #base: Polygon;
  readonly #start: Point;
  readonly #isNew: boolean;
  #polygon: Polygon;
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
    this.#polygon = this.#base;
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
    // Where no area would be left the vertex waits at its last good place.
    this.#polygon =
      moveVertex(this.#base, this.#vertex, this.#host.snap(to, this.#original.id), picture) ?? this.#polygon;
    this.#host.cursor("move");
    this.#show();
  }

  up({ alt }: PointerInput): void {
    const removes = alt && !this.#moved && !this.#isNew;
    const polygon = removes ? removeVertex(this.#original.geometry, this.#vertex) : this.#polygon;
    this.#host.preview([]);
    if (polygon && polygon !== this.#original.geometry)
      this.#host.commit([edited(this.#original, { geometry: polygon })]);
    this.#host.selectVertex(removes && polygon ? null : this.#vertex);
  }

  #show(): void {
    const { id, class_id: classId } = this.#original;
    this.#host.preview([{ id, classId, geometry: this.#polygon }]);
  }
}
