/**
 * The tracker of the server goes on with a chosen box, forth or back, until it is lost, a key frame is in the way, the
 * video ends, or a person stops it. What it finds becomes few key frames, as one step of undo.
 */
import { api, call } from "../../api/client";
import { Emitter, seenAt, thinned, withKeys } from "../../canvas";
import type { Box, Placed, Track } from "../../canvas";
import { notifyDone, notifyError } from "../../components/notify";
import { video as words } from "../../strings/video";
import type { SyncQueue } from "../sync/queue";
import type { Reel } from "./reel";

/** Frames asked for at a time: how far it is can be told, and it can be stopped, in between. */
export const AT_ONCE = 100;

/** What the ids of saves begin with that a tracker has made. */
export const FOLLOWED = "follow";

/** From where, how far it is, and where it ends at the latest. */
export interface Going {
  readonly from: number;
  readonly at: number;
  readonly end: number;
}

/** The last frame before the next key frame that a hand has set, or the end of the video. */
export function endOf({ keyframes }: Track, from: number, backwards: boolean, frames: number): number {
  if (backwards) return (keyframes.findLast(({ frame }) => frame < from)?.frame ?? -1) + 1;
  return (keyframes.find(({ frame }) => frame > from)?.frame ?? frames) - 1;
}

/** The track with what was found from a frame on, in the order of the way. */
export function followed(track: Track, from: number, steps: readonly Placed[]): Track {
  const start = seenAt(track, from);
  if (start?.geometry.type !== "box") return track;
  const found = [{ frame: from, box: start.geometry }, ...steps].sort((a, b) => a.frame - b.frame);
  const { occluded } = start;
  const attributes = track.keyframes.findLast((key) => key.frame <= from)?.attributes ?? {};
  return withKeys(
    track,
    thinned(found).map(({ frame, box }) => ({ frame, geometry: box, outside: false, occluded, attributes })),
  );
}

/** The only track that is chosen. */
function onlyChosen({ chosen: [id, more], document }: Reel): Track | undefined {
  return id === undefined || more !== undefined ? undefined : document.tracks.get(id);
}

interface Task {
  readonly track: Track;
  readonly box: Box;
  readonly from: number;
  readonly end: number;
}

/** What is to be followed from the frame on show, or why nothing is. */
function taskOf(reel: Reel, backwards: boolean): Task | string {
  const { frame: from, document } = reel;
  const track = onlyChosen(reel);
  const box = track && seenAt(track, from)?.geometry;
  if (!track || box?.type !== "box") return words.follow.chooseBox;
  if (reel.editor.isLocked(track.id)) return words.locked;
  const end = endOf(track, from, backwards, document.frames);
  if (end === from) return backwards ? words.follow.atBegin : words.follow.atEnd;
  return { track, box, from, end };
}

export class Follower extends Emitter<{ readonly going: Going | null }> {
  readonly #reel: Reel;
  readonly #queue: Pick<SyncQueue<Track>, "apart">;
  #going: Going | null = null;
  #stop = new AbortController();

  constructor(reel: Reel, queue: Pick<SyncQueue<Track>, "apart">) {
    super();
    this.#reel = reel;
    this.#queue = queue;
  }

  /** How far it is; null where nothing is followed. */
  get going(): Going | null {
    return this.#going;
  }

  /** Follows the only chosen box; stops where it does so already. */
  toggle(backwards: boolean): void {
    if (this.#going) this.stop();
    else void this.#follow(backwards);
  }

  /** What was found so far is kept. */
  stop(): void {
    this.#stop.abort();
  }

  async #follow(backwards: boolean): Promise<void> {
    const reel = this.#reel;
    const task = reel.editor.state.readOnly ? "" : taskOf(reel, backwards);
    if (typeof task === "string") {
      if (task !== "") notifyDone(task);
      return;
    }
    const { track, box, from, end } = task;
    reel.pause();
    this.#stop = new AbortController();
    const steps: Placed[] = [];
    try {
      const lost = await this.#go({ from, at: from, end }, box, steps);
      await this.#keep(() => take(reel, track, from, steps, lost));
    } catch (error) {
      if (!this.#stop.signal.aborted) notifyError(error, words.follow.failed);
      if (steps.length > 0) await this.#keep(() => take(reel, track, from, steps, null));
    } finally {
      this.#tell(null);
    }
  }

  /** Goes on from part to part; returns where nothing looks like it any more. */
  async #go(going: Going, start: Box, steps: Placed[]): Promise<number | null> {
    let [at, box] = [going.from, start];
    while (at !== going.end) {
      this.#tell({ ...going, at });
      const answer = await call(
        api.POST("/api/v1/videos/{video_id}/follow", {
          params: { path: { video_id: this.#reel.document.id } },
          body: {
            frame: at,
            box: [box.x0, box.y0, box.x1, box.y1],
            frames: Math.min(AT_ONCE, Math.abs(going.end - at)),
            backwards: going.end < at,
          },
          signal: this.#stop.signal,
        }),
      );
      steps.push(...answer.steps.map(placed));
      const last = steps.at(-1);
      if (answer.lost_at !== null || !last || last.frame === at) return answer.lost_at;
      [at, box] = [last.frame, last.box];
    }
    return null;
  }

  /** A run is a save of its own: it is told in the history, and can be taken back there alone. */
  #keep(make: () => void): Promise<void> {
    return this.#queue.apart(FOLLOWED, make);
  }

  #tell(going: Going | null): void {
    this.#going = going;
    this.emit("going", going);
  }
}

const placed = ({
  frame,
  box: [x0 = 0, y0 = 0, x1 = 0, y1 = 0],
}: {
  frame: number;
  box: readonly number[];
}): Placed => ({
  frame,
  box: { type: "box", x0, y0, x1, y1 },
});

function take(reel: Reel, before: Track, from: number, steps: readonly Placed[], lost: number | null): void {
  const track = reel.document.tracks.get(before.id);
  // Another hand, or this one, may have gone on with it meanwhile.
  if (track?.keyframes !== before.keyframes) {
    notifyDone(words.follow.changed);
    return;
  }
  const made = followed(track, from, steps);
  if (made.keyframes.length > track.keyframes.length) reel.document.replace([made]);
  const last = steps.at(-1)?.frame ?? from;
  // Who looks elsewhere meanwhile stays there.
  if (reel.frame === from) reel.seek(last);
  notifyDone(lost === null ? words.follow.done(last) : words.follow.lost(last, lost));
}
