/** The tracker of the server goes on with a chosen box: what it finds becomes few key frames, as one step of undo. */
import { api, call } from "../../api/client";
import { seenAt, thinned, withKeys } from "../../canvas";
import type { Box, Track } from "../../canvas";
import { notifyDone, notifyError } from "../../components/notify";
import { video as words } from "../../strings/video";
import type { Reel } from "./reel";

/** Frames that are followed at once: short enough to look at before one goes on. */
export const FOLLOW_FRAMES = 60;

/** The track with what was found from a frame on, up to the next key frame that a hand has set. */
export function followed(track: Track, from: number, steps: readonly { frame: number; box: Box }[]): Track {
  const start = seenAt(track, from);
  if (start?.geometry.type !== "box") return track;
  const next = track.keyframes.find((key) => key.frame > from)?.frame ?? Infinity;
  const found = [{ frame: from, box: start.geometry }, ...steps.filter(({ frame }) => frame < next)];
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

/** Follows the only chosen box, and says where it ended and why. */
export async function follow(reel: Reel): Promise<void> {
  if (reel.editor.state.readOnly) return;
  const { frame, document } = reel;
  const track = onlyChosen(reel);
  const box = track && seenAt(track, frame)?.geometry;
  if (!track || box?.type !== "box") {
    notifyDone(words.follow.chooseBox);
    return;
  }
  if (frame >= document.frames - 1) {
    notifyDone(words.follow.atEnd);
    return;
  }
  reel.pause();
  try {
    const answer = await call(
      api.POST("/api/v1/videos/{video_id}/follow", {
        params: { path: { video_id: document.id } },
        body: { frame, box: [box.x0, box.y0, box.x1, box.y1], frames: FOLLOW_FRAMES, backwards: false },
      }),
    );
    take(reel, track, frame, answer);
  } catch (error) {
    notifyError(error, words.follow.failed);
  }
}

interface Answer {
  readonly steps: readonly { readonly frame: number; readonly box: readonly number[] }[];
  readonly lost_at: number | null;
}

function take(reel: Reel, before: Track, from: number, { steps, lost_at }: Answer): void {
  const track = reel.document.tracks.get(before.id);
  // Another hand, or this one, may have gone on with it meanwhile.
  if (track?.keyframes !== before.keyframes) {
    notifyDone(words.follow.changed);
    return;
  }
  const found = steps.map(({ frame, box: [x0 = 0, y0 = 0, x1 = 0, y1 = 0] }) => ({
    frame,
    box: { type: "box", x0, y0, x1, y1 } as const,
  }));
  const made = followed(track, from, found);
  if (made.keyframes.length > track.keyframes.length) reel.document.replace([made]);
  const last = found.at(-1)?.frame ?? from;
  reel.seek(last);
  notifyDone(lost_at === null ? words.follow.done(last) : words.follow.lost(last, lost_at));
}
