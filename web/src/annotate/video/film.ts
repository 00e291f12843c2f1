/** What keys and buttons do to the chosen tracks of a video. Each is one step of undo; what cannot be done is said. */
import { keyAt, keyToggled, mergedWith, occludedToggled, outsideToggled, seenAt, splitAt } from "../../canvas";
import type { Track } from "../../canvas";
import { notifyDone } from "../../components/notify";
import { video as words } from "../../strings/video";
import type { Reel } from "./reel";

/** What an action of a video may use. */
export interface Film {
  readonly reel: Reel;
  /** Lets the tracker of the server go on with the chosen box, or stops it. */
  readonly follow: (backwards: boolean) => void;
  /** Goes to the field in which a frame is typed. */
  readonly typeFrame: () => void;
}

/** The chosen tracks that are not locked; says so where there is none. */
function chosen({ document, editor, chosen: ids }: Reel): Track[] {
  const all = ids.flatMap((id) => document.tracks.get(id) ?? []);
  const free = all.filter(({ id }) => !editor.isLocked(id));
  if (all.length === 0) notifyDone(words.selectFirst);
  else if (free.length === 0) notifyDone(words.locked);
  return free;
}

/** Changes each chosen track; those of which nothing is left stay, and the reason is told. */
function each(reel: Reel, why: string, edit: (track: Track) => Track | null): void {
  if (reel.editor.state.readOnly) return;
  const tracks = chosen(reel);
  const made = tracks.map(edit);
  reel.pause();
  reel.document.replace(made.filter((track) => track !== null));
  if (made.includes(null)) notifyDone(why);
}

/** All of them get a key frame where one has none; otherwise all lose it. */
export function toggleKey(reel: Reel): void {
  const { frame } = reel;
  const lacks = reel.chosen.some((id) => {
    const track = reel.document.tracks.get(id);
    return track && !keyAt(track, frame);
  });
  each(reel, words.lastKey, (track) => (lacks && keyAt(track, frame) ? track : keyToggled(track, frame)));
}

export function toggleOutside(reel: Reel): void {
  const seen = reel.chosen.some((id) => isSeen(reel, id));
  each(reel, "", (track) => (isSeen(reel, track.id) === seen ? outsideToggled(track, reel.frame) : track));
}

export function isSeen({ document, frame }: Reel, id: string): boolean {
  const track = document.tracks.get(id);
  return track !== undefined && seenAt(track, frame) !== null;
}

export const toggleOccluded = (reel: Reel): void =>
  each(reel, words.notSeen, (track) => occludedToggled(track, reel.frame));

/** Cuts the chosen tracks in two at the frame on show; the later parts are chosen then. */
export function split(reel: Reel): void {
  if (reel.editor.state.readOnly) return;
  const tracks = chosen(reel);
  const parts = tracks.flatMap((track) => splitAt(track, reel.frame) ?? []);
  if (tracks.length > 0 && parts.length === 0) notifyDone(words.cannotSplit);
  reel.pause();
  reel.document.replace(parts);
  if (parts.length > 0) reel.choose(parts.filter((_, i) => i % 2 === 1).map(({ id }) => id));
}

/** Makes one of the chosen tracks, which keeps the name of the one that was chosen first. */
export function merge(reel: Reel): void {
  if (reel.editor.state.readOnly) return;
  const [first, ...others] = chosen(reel);
  if (!first) return;
  if (others.length === 0) {
    notifyDone(words.mergeMore);
    return;
  }
  const whole = others.reduce<Track | null>((track, other) => track && mergedWith(track, other), first);
  if (!whole) {
    notifyDone(words.mergeKinds);
    return;
  }
  reel.pause();
  const { document } = reel;
  document.commit([
    { op: "update", id: first.id, before: { keyframes: first.keyframes }, after: { keyframes: whole.keyframes } },
    ...others.map((annotation) => ({ op: "delete", annotation }) as const),
  ]);
  reel.choose([first.id]);
}

/** Deletes whole tracks. What is seen of them in the frame on show is deleted by the editor as well. */
export function remove(reel: Reel, ids: readonly string[] = reel.chosen): void {
  if (reel.editor.state.readOnly) return;
  const tracks = ids.flatMap((id) => reel.document.tracks.get(id) ?? []);
  reel.document.commit(tracks.filter(({ id }) => !reel.editor.isLocked(id)).map((annotation) => ({ op: "delete", annotation }))); // prettier-ignore
}
