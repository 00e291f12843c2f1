/** A video at work: which frame is on show, playing, and which tracks are chosen, also where they are not seen. */
import { besideKey, Clock, Emitter } from "../../canvas";
import type { Editor, VideoDocument } from "../../canvas";
import type { Frames } from "./frames";

export const SPEEDS = [0.25, 0.5, 1, 2, 4] as const;
/** Where the pictures come slower than they are played, time stands still from this many milliseconds on. */
const PATIENCE_MS = 250;

export interface ReelState {
  readonly frame: number;
  readonly playing: boolean;
  readonly speed: number;
  /** The picture of the frame is not here yet. */
  readonly waiting: boolean;
  /** Why it does not come; null where nothing is wrong. */
  readonly problem: unknown;
  readonly chosen: ReadonlySet<string>;
  /** Attributes that are set hold from the frame on show on. */
  readonly fromHere: boolean;
}

interface Events {
  readonly state: ReelState;
  readonly pixels: null;
}

const NONE: ReadonlySet<string> = new Set();

export class Reel extends Emitter<Events> {
  readonly document: VideoDocument;
  readonly editor: Editor;
  readonly times: readonly number[];
  readonly #frames: Frames;
  readonly #stops: (() => void)[] = [];
  #state: ReelState;
  #selected: ReadonlySet<string> = NONE;
  #way: 1 | -1 = 1;
  #shown: ImageBitmap | null = null;
  #timer = 0;
  #clock: { readonly clock: Clock; readonly began: number; late: number } | null = null;

  constructor(editor: Editor, document: VideoDocument, times: readonly number[], makeFrames: MakeFrames) {
    super();
    this.editor = editor;
    this.document = document;
    this.times = times;
    this.#frames = makeFrames(
      (frame) => this.#came(frame),
      (frame, problem) => {
        if (frame === this.frame) this.#set({ problem });
      },
    );
    const { frame } = document;
    this.#state = {
      frame,
      playing: false,
      speed: 1,
      waiting: true,
      problem: null,
      chosen: NONE,
      fromHere: document.fromHere,
    };
    this.#stops.push(
      document.events.on("frame", (next) => this.#arrive(next)),
      document.events.on("projected", () => this.#keepChosen()),
      editor.on("state", ({ selected }) => this.#follow(selected)),
    );
    this.#frames.want(frame, 1);
  }

  get state(): ReelState {
    return this.#state;
  }

  get frame(): number {
    return this.#state.frame;
  }

  /** The newest picture that has come: the one before stays until then. */
  get pixels(): ImageBitmap | null {
    return this.#shown;
  }

  /** The chosen tracks that are there. */
  get chosen(): readonly string[] {
    return [...this.#state.chosen].filter((id) => this.document.tracks.has(id));
  }

  destroy(): void {
    this.pause();
    for (const stop of this.#stops) stop();
    this.#frames.stop();
  }

  /** Shows a frame; what is being drawn is finished, or stays in the hand where it cannot be. */
  seek(frame: number): void {
    this.pause();
    this.#go(frame);
  }

  step(by: number): void {
    this.#way = by < 0 ? -1 : 1;
    this.seek(this.frame + by);
  }

  /** To the next (1) or previous (-1) key frame of the chosen tracks, of all where none is chosen; false where there is none. */
  stepKey(step: 1 | -1): boolean {
    const { tracks } = this.document;
    const chosen = this.chosen.flatMap((id) => tracks.get(id) ?? []);
    const frame = besideKey(chosen.length > 0 ? chosen : tracks.all(), this.frame, step);
    if (frame !== null) this.seek(frame);
    return frame !== null;
  }

  /** Chooses tracks, of which those that are seen are selected in the picture. */
  choose(ids: Iterable<string>): void {
    const chosen = new Set(ids);
    if (this.editor.state.tool !== "select") this.editor.setTool("select");
    this.editor.select(chosen);
    this.#choose(chosen);
  }

  toggle(): void {
    if (this.#state.playing) this.pause();
    else this.play();
  }

  play(): void {
    if (this.#state.playing) return;
    this.#finish();
    // From the end it begins again.
    if (this.frame >= this.document.frames - 1) this.#go(0);
    this.#way = 1;
    this.#set({ playing: true });
    this.#wind();
    this.#timer = requestAnimationFrame(this.#tick);
  }

  pause(): void {
    if (!this.#state.playing) return;
    cancelAnimationFrame(this.#timer);
    this.#clock = null;
    this.#set({ playing: false });
  }

  setSpeed(speed: number): void {
    this.#set({ speed });
    if (this.#state.playing) this.#wind();
  }

  /** Switches whether attributes that are set hold from the frame on show on, or of the whole track. */
  toggleFromHere(): void {
    this.document.fromHere = !this.document.fromHere;
    this.#set({ fromHere: this.document.fromHere });
  }

  /** Looks again for a picture that did not come. */
  retry(): void {
    this.#set({ problem: null });
    this.#frames.want(this.frame, this.#way);
  }

  #wind(): void {
    this.#clock = {
      clock: new Clock(this.times, this.frame, this.#state.speed),
      began: performance.now(),
      late: 0,
    };
  }

  readonly #tick = (now: number): void => {
    if (!this.#clock) return;
    this.#timer = requestAnimationFrame(this.#tick);
    const { clock, began } = this.#clock;
    const due = Math.min(clock.frame(Math.max(0, now - began)), this.document.frames - 1);
    let shown = due;
    while (shown > this.frame && !this.#frames.peek(shown)) shown--;
    if (shown > this.frame) this.document.seek(shown);
    if (shown < due) this.#wait(now);
    else this.#clock.late = 0;
    if (this.frame >= this.document.frames - 1) this.pause();
  };

  /** Pictures that come too late hold the clock. */
  #wait(now: number): void {
    if (!this.#clock) return;
    if (this.#clock.late === 0) this.#clock.late = now;
    else if (now - this.#clock.late > PATIENCE_MS) this.#wind();
  }

  #finish(): void {
    if (this.editor.activeTool.busy && !this.editor.finish()) this.editor.interrupt();
  }

  #go(frame: number): void {
    this.#finish();
    this.document.seek(frame);
  }

  #arrive(frame: number): void {
    const isHere = this.#show(frame);
    this.#set({ frame, waiting: !isHere, problem: null });
    this.#frames.want(frame, this.#way);
  }

  #came(frame: number): void {
    if (frame !== this.frame) return;
    this.#show(frame);
    this.#set({ waiting: false, problem: null });
  }

  #show(frame: number): boolean {
    const pixels = this.#frames.show(frame);
    if (!pixels) return false;
    this.#shown = pixels;
    this.emit("pixels", null);
    return true;
  }

  /** What a hand selects is chosen; what a frame does not show stays so. */
  #follow(selected: ReadonlySet<string>): void {
    if (selected === this.#selected) return;
    this.#selected = selected;
    if (!this.document.isProjecting && this.editor.document === this.document) this.#choose(selected);
  }

  #choose(chosen: ReadonlySet<string>): void {
    if (!sameIds(chosen, this.#state.chosen)) this.#set({ chosen: new Set(chosen) });
  }

  /** Selects what is chosen and can be seen. */
  #keepChosen(): void {
    const { editor } = this;
    if (editor.document !== this.document) return;
    const seen = new Set(this.chosen.filter((id) => editor.get(id)));
    if (!sameIds(seen, editor.selected)) editor.select(seen);
  }

  #set(patch: Partial<ReelState>): void {
    this.#state = { ...this.#state, ...patch };
    this.emit("state", this.#state);
  }
}

type MakeFrames = (came: (frame: number) => void, failed: (frame: number, error: unknown) => void) => Frames;

const sameIds = (a: ReadonlySet<string>, b: ReadonlySet<string>): boolean =>
  a.size === b.size && [...a].every((id) => b.has(id));
