/**
 * A video that is open: its tracks with the steps taken, and one frame of it as a picture whose annotations are what is
 * seen of the tracks there. The editor changes that picture; what it changes becomes key frames.
 */
import { Document } from "../document";
import { Emitter } from "../emitter";
import type { Size } from "../geometry/types";
import { changedId, changeSet, drawn, update } from "../store/changes";
import type { Annotation, Change, ChangeSet } from "../store/changes";
import { History } from "../store/history";
import type { Effect, Steps } from "../store/history";
import { same } from "../store/same";
import { Store } from "../store/store";
import { described, describedFrom } from "./describe";
import { reshaped } from "./edits";
import { seenAt } from "./interpolate";
import type { Track } from "./types";

export interface VideoEvents {
  /** Another frame is on show. */
  readonly frame: number;
  /** What is seen in the frame on show is in the picture now. */
  readonly projected: null;
  /** A shape of another kind was meant for a track that has more key frames. */
  readonly refused: "kind";
}

export class VideoDocument extends Document {
  readonly tracks: Store<Track>;
  readonly frames: number;
  readonly events = new Emitter<VideoEvents>();
  /** Whether attributes that are set hold from the frame on show on, and not of the whole track. */
  fromHere = false;
  readonly #steps: History<Track>;
  #frame = 0;
  #projecting = 0;

  constructor(id: string, picture: Size, frames: number, tracks: Iterable<Track> = []) {
    const store = new Store(tracks);
    const steps = new History(store);
    const way = { go: (set: ChangeSet<Track> | null) => set };
    super(id, picture, projected(store, 0), stepsOf(steps, way));
    this.tracks = store;
    this.frames = frames;
    this.#steps = steps;
    way.go = (set) => this.#reveal(set);
    this.store.observe((set) => {
      if (set.origin === "local") this.#take(set);
    });
    store.observe(() => this.#project());
  }

  get frame(): number {
    return this.#frame;
  }

  /** Whether the picture changes just now because another frame or the tracks do, and not by a hand. */
  get isProjecting(): boolean {
    return this.#projecting > 0;
  }

  /** Shows another frame, within the video. */
  seek(frame: number): void {
    const wanted = Math.min(Math.max(Math.round(frame), 0), this.frames - 1);
    if (wanted === this.#frame) return;
    this.#frame = wanted;
    // Keys pressed here and there are steps of their own.
    this.#steps.seal();
    this.#project();
    this.events.emit("frame", wanted);
  }

  /** Changes tracks as one step of undo: each becomes what is given, by id; without one it is deleted. */
  commit(changes: readonly Change<Track>[], merge?: string): void {
    if (changes.length > 0) this.tracks.apply(changeSet("local", changes, merge));
  }

  /** Puts tracks in the place of those with the same ids. */
  replace(tracks: readonly Track[], merge?: string): void {
    const change = (track: Track): Change<Track> => {
      const known = this.tracks.get(track.id);
      return known ? update(known, track) : { op: "create", annotation: track };
    };
    this.commit(tracks.map(change), merge);
  }

  #project(): void {
    this.#projecting++;
    this.store.replace(projected(this.tracks, this.#frame));
    this.#projecting--;
    this.events.emit("projected", null);
  }

  /** What the hand has done to the picture, as changes of the tracks. */
  #take({ changes, merge }: ChangeSet): void {
    const made = changes.flatMap((change) => this.#translated(change));
    this.commit(made, merge);
    // What could not be done is not shown either.
    this.#project();
  }

  #translated(change: Change): Change<Track>[] {
    if (change.op === "create") return [{ op: "create", annotation: trackOf(change.annotation, this.#frame) }];
    const track = this.tracks.get(changedId(change));
    if (!track) return [];
    if (change.op === "delete") return [{ op: "delete", annotation: track }];
    const { geometry, attributes, class_id, z } = change.after;
    const shaped = geometry ? this.#shaped(track, change.after) : track;
    const told = attributes ? this.#described(shaped, change.before.attributes ?? {}, attributes) : shaped;
    return [update(track, { ...told, class_id: class_id ?? track.class_id, z: z ?? track.z })];
  }

  #described(track: Track, before: Annotation["attributes"], after: Annotation["attributes"]): Track {
    return this.fromHere ? describedFrom(track, this.#frame, before, after) : described(track, before, after);
  }

  #shaped(track: Track, { geometry }: Partial<Annotation>): Track {
    const next = geometry ? reshaped(track, this.#frame, geometry) : track;
    if (!next) this.events.emit("refused", "kind");
    return next ?? track;
  }

  /** Shows a frame in which a step of undo can be seen. */
  #reveal(set: ChangeSet<Track> | null): ChangeSet<Track> | null {
    const frames = set?.changes.flatMap(touchedFrames) ?? [];
    if (frames.length > 0 && !frames.includes(this.#frame)) {
      this.seek(frames.reduce((a, b) => (Math.abs(a - this.#frame) < Math.abs(b - this.#frame) ? a : b)));
    }
    return set;
  }
}

/** The steps of the tracks for the editor, which hears of the frame that they show. */
function stepsOf(
  history: History<Track>,
  way: { readonly go: (set: ChangeSet<Track> | null) => ChangeSet<Track> | null },
): Steps {
  return {
    get canUndo() {
      return history.canUndo;
    },
    get canRedo() {
      return history.canRedo;
    },
    undo: () => way.go(history.undo()),
    redo: () => way.go(history.redo()),
    seal: () => history.seal(),
    record: (_: readonly Change[], effect: Effect) => history.record([], effect),
  };
}

/** The tracks that are seen in a frame, as annotations with the ids of the tracks. */
const projected = (tracks: Store<Track>, frame: number): Annotation[] =>
  tracks.all().flatMap((track) => annotationOf(track, frame) ?? []);

export function annotationOf(track: Track, frame: number): Annotation | null {
  const seen = seenAt(track, frame);
  if (!seen) return null;
  const { id, class_id, z, source, author_id, external_id } = track;
  const { geometry, attributes, occluded } = seen;
  return { ...BLANK, id, class_id, geometry, attributes, z, source, author_id, external_id, occluded };
}

/** What every annotation has: an id of its own for each object of each frame would cost as much as all the rest. */
const BLANK = drawn({ type: "points", points: [[0, 0]] }, "");

function trackOf({ id, class_id, geometry, z, attributes }: Annotation, frame: number): Track {
  const key = { frame, geometry, outside: false, occluded: false, attributes: {} };
  return { id, class_id, keyframes: [key], z, attributes, source: "manual", author_id: null, external_id: null };
}

/** The frames of the key frames that a change has made, altered or taken away. */
function touchedFrames(change: Change<Track>): number[] {
  if (change.op !== "update") return change.annotation.keyframes.slice(0, 1).map(({ frame }) => frame);
  const [before, after] = [change.before.keyframes ?? [], change.after.keyframes ?? []];
  const other = (key: Track["keyframes"][number], keys: Track["keyframes"]): boolean =>
    !keys.some((one) => one.frame === key.frame && same(one, key));
  return [...before.filter((key) => other(key, after)), ...after.filter((key) => other(key, before))].map(
    ({ frame }) => frame,
  );
}
