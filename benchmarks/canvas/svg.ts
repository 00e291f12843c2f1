/**
 * The scene as annotation tools built on SVG have it, CVAT among them: one element a shape over the picture, moved and
 * scaled as a whole by a transform; after each zoom every shape gets the line width that looks the same on the screen.
 */
import { COLORS, PICTURE, picture, scene } from "./scene";
import type { Rival } from "./rival";

const SVG = "http://www.w3.org/2000/svg";
const LINE = 2;

export class SvgPage implements Rival {
  #content: HTMLDivElement | null = null;
  #shapes: SVGElement[] = [];
  #camera = { scale: 1, tx: 0, ty: 0 };

  async open(stage: HTMLElement, kind: string, count: number): Promise<void> {
    const content = document.createElement("div");
    content.style.cssText = `position:absolute;transform-origin:0 0;width:${PICTURE.width}px;height:${PICTURE.height}px`;
    const canvas = document.createElement("canvas");
    Object.assign(canvas, PICTURE);
    canvas.getContext("2d")?.drawImage(await picture(), 0, 0);
    const svg = document.createElementNS(SVG, "svg");
    svg.setAttribute(
      "style",
      "position:absolute;inset:0;width:100%;height:100%",
    );
    const style = document.createElementNS(SVG, "style");
    style.textContent = "svg > :hover { fill-opacity: 0.4 }";
    this.#shapes = scene(kind, count).map(({ geometry }, i) => {
      const shape = document.createElementNS(
        SVG,
        geometry.type === "box" ? "rect" : "polygon",
      );
      if (geometry.type === "box") {
        shape.setAttribute("x", String(geometry.x0));
        shape.setAttribute("y", String(geometry.y0));
        shape.setAttribute("width", String(geometry.x1 - geometry.x0));
        shape.setAttribute("height", String(geometry.y1 - geometry.y0));
      } else if (geometry.type === "polygon")
        shape.setAttribute("points", (geometry.rings[0] ?? []).join(" "));
      const color = COLORS[i % COLORS.length] ?? "#fff";
      shape.setAttribute("stroke", color);
      shape.setAttribute("fill", color);
      shape.setAttribute("fill-opacity", "0.1");
      return shape;
    });
    svg.append(style, ...this.#shapes);
    content.append(canvas, svg);
    stage.append(content);
    this.#content = content;
    const scale = Math.min(
      stage.clientWidth / PICTURE.width,
      stage.clientHeight / PICTURE.height,
    );
    this.#camera = { scale, tx: 0, ty: 0 };
    this.#place(true);
  }

  zoom(factor: number, [x, y]: readonly [number, number]): void {
    const { scale, tx, ty } = this.#camera;
    this.#camera = {
      scale: scale * factor,
      tx: x - (x - tx) * factor,
      ty: y - (y - ty) * factor,
    };
    this.#place(true);
  }

  pan(dx: number, dy: number): void {
    this.#camera = {
      ...this.#camera,
      tx: this.#camera.tx + dx,
      ty: this.#camera.ty + dy,
    };
    this.#place(false);
  }

  close(): void {
    this.#content?.remove();
  }

  #place(zoomed: boolean): void {
    const { scale, tx, ty } = this.#camera;
    if (this.#content)
      this.#content.style.transform = `translate(${tx}px,${ty}px) scale(${scale})`;
    if (zoomed)
      for (const shape of this.#shapes)
        shape.setAttribute("stroke-width", String(LINE / scale));
  }
}
