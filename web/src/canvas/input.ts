/** Mouse, pen, fingers and wheel, told to the editor in its own terms. */
import { toImage } from "./camera";
import type { Editor } from "./editor";
import type { Point } from "./geometry/types";
import type { PointerInput, Tool } from "./tools/tool";

/** Two fingers: where their middle is and how far apart they are. */
interface Pinch {
  readonly middle: Point;
  readonly distance: number;
}

const MIDDLE_BUTTON = 1;
const LINE_HEIGHT = 16;
/** Tools for which a double click is two clicks. */
const DRAWS: ReadonlySet<string> = new Set([
  "box",
  "rotated",
  "ellipse",
  "polygon",
  "polyline",
  "point",
  "brush",
  "eraser",
  "smart",
  "wand",
  "scissors",
  "slice",
  "measure",
]);

export class Input {
  readonly #element: HTMLElement;
  readonly #editor: Editor;
  readonly #fingers = new Map<number, Point>();
  readonly #stop = new AbortController();
  #pinch: Pinch | null = null;
  /** The tool that got the last press, until its release. */
  #pressed: Tool | null = null;

  constructor(target: HTMLElement, editor: Editor) {
    this.#element = target;
    this.#editor = editor;
    const options = { signal: this.#stop.signal };
    target.addEventListener("pointerdown", this.#down, options);
    target.addEventListener("pointermove", this.#move, options);
    target.addEventListener("pointerup", this.#up, options);
    target.addEventListener("pointercancel", this.#lost, options);
    target.addEventListener("pointerleave", this.#leave, options);
    target.addEventListener("dblclick", this.#doubleClick, options);
    target.addEventListener("wheel", this.#wheel, { ...options, passive: false });
    target.addEventListener("auxclick", (event) => event.preventDefault(), options);
  }

  destroy(): void {
    this.#stop.abort();
  }

  #screen(event: MouseEvent): Point {
    const { left, top } = this.#element.getBoundingClientRect();
    return [event.clientX - left, event.clientY - top];
  }

  #input(event: MouseEvent): PointerInput {
    const screen = this.#screen(event);
    const touch = event instanceof PointerEvent && event.pointerType === "touch";
    return { screen, image: toImage(this.#editor.camera, screen), shift: event.shiftKey, alt: event.altKey, touch };
  }

  readonly #down = (event: PointerEvent): void => {
    if (event.button > MIDDLE_BUTTON) return;
    this.#element.setPointerCapture(event.pointerId);
    this.#editor.noteTouch(event.pointerType === "touch");
    if (event.pointerType === "touch") {
      this.#fingers.set(event.pointerId, this.#screen(event));
      if (this.#fingers.size > 1) {
        this.#editor.interrupt();
        this.#pressed = null;
        this.#pinch = this.#spread();
        return;
      }
    }
    if (event.button === MIDDLE_BUTTON) event.preventDefault();
    this.#pressed = event.button === MIDDLE_BUTTON ? this.#editor.panTool : this.#editor.activeTool;
    this.#pressed.down(this.#input(event));
  };

  readonly #move = (event: PointerEvent): void => {
    if (this.#fingers.has(event.pointerId)) this.#fingers.set(event.pointerId, this.#screen(event));
    if (this.#pinch) {
      this.#followPinch(this.#pinch);
      return;
    }
    const input = this.#input(event);
    (this.#pressed ?? this.#editor.activeTool).move(input);
    this.#editor.point(input);
  };

  readonly #up = (event: PointerEvent): void => {
    this.#fingers.delete(event.pointerId);
    if (this.#pinch) {
      if (this.#fingers.size < 2) this.#pinch = null;
      return;
    }
    const tool = this.#pressed;
    this.#pressed = null;
    tool?.up(this.#input(event));
  };

  readonly #lost = (event: PointerEvent): void => {
    this.#fingers.delete(event.pointerId);
    this.#pinch = null;
    this.#pressed = null;
    this.#editor.interrupt();
  };

  readonly #leave = (): void => {
    if (this.#pressed) return;
    this.#editor.hover(null);
    this.#editor.point(null);
  };

  readonly #doubleClick = (event: MouseEvent): void => {
    const { editor, input } = { editor: this.#editor, input: this.#input(event) };
    if (!DRAWS.has(editor.activeTool.name) && editor.hits(input).length === 0) editor.fit();
  };

  readonly #wheel = (event: WheelEvent): void => {
    event.preventDefault();
    if (event.altKey && event.deltaY !== 0 && this.#editor.sizeTool(event.deltaY < 0 ? 1 : -1)) return;
    const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? LINE_HEIGHT : 1;
    if (event.shiftKey) {
      this.#editor.pan(-(event.deltaX || event.deltaY) * unit, 0);
      return;
    }
    // A pinch on a touch pad comes as a wheel with Ctrl and small steps.
    const speed = event.ctrlKey ? 0.01 : 0.002;
    this.#editor.zoom(Math.exp(-event.deltaY * unit * speed), this.#screen(event));
    this.#editor.point(this.#input(event));
  };

  #spread(): Pinch | null {
    const [a, b] = [...this.#fingers.values()];
    if (!a || !b) return null;
    const distance = Math.max(Math.hypot(a[0] - b[0], a[1] - b[1]), 1);
    return { middle: [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2], distance };
  }

  #followPinch(before: Pinch): void {
    const now = this.#spread();
    if (!now) return;
    this.#editor.pan(now.middle[0] - before.middle[0], now.middle[1] - before.middle[1]);
    this.#editor.zoom(now.distance / before.distance, now.middle);
    this.#pinch = now;
  }
}
