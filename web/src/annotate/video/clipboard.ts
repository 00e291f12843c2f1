/** Tracks that were copied: in the storage of the browser, so that they outlive a reload and reach other tabs. */
import { copiesOf } from "../../canvas";
import type { Track } from "../../canvas";
import { notifyDone } from "../../components/notify";
import { video as words } from "../../strings/video";
import type { Carry } from "../carry/useCarry";
import { remove } from "./film";
import type { Reel } from "./reel";

const KEY = "boxwright.clipboard.tracks";

interface Clip {
  /** The project whose classes the tracks have. */
  readonly projectId: string;
  /** The frame that was on show. */
  readonly frame: number;
  readonly tracks: readonly Track[];
}

/** Where the storage is full, what was copied stays in this tab. */
let held: Clip | null = null;

function keep(clip: Clip): void {
  held = clip;
  try {
    localStorage.setItem(KEY, JSON.stringify(clip));
  } catch {
    localStorage.removeItem(KEY);
  }
}

const isClip = (value: unknown): value is Clip =>
  typeof value === "object" && value !== null && "projectId" in value && "frame" in value && "tracks" in value;

function kept(): Clip | null {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(KEY) ?? "null");
    return isClip(stored) ? stored : held;
  } catch {
    return held;
  }
}

const chosenOf = ({ document, chosen }: Reel): Track[] => chosen.flatMap((id) => document.tracks.get(id) ?? []);

/** Puts copies of tracks into the video, so many frames later, as one step of undo, and chooses them. */
function put(reel: Reel, tracks: readonly Track[], later: number): void {
  const { document } = reel;
  const copies = copiesOf(tracks, later, { tracks: document.tracks.all(), picture: document.picture, frames: document.frames }); // prettier-ignore
  reel.pause();
  document.replace(copies);
  if (copies.length > 0) reel.choose(copies.map(({ id }) => id));
  if (copies.length < tracks.length) notifyDone(words.leftOut(tracks.length - copies.length));
}

/** Copies of the chosen tracks, frame for frame, a little beside them. */
export function duplicate(reel: Reel): void {
  if (reel.editor.state.readOnly) return;
  const tracks = chosenOf(reel);
  if (tracks.length === 0) notifyDone(words.selectFirst);
  else put(reel, tracks, 0);
}

/** What the keys of copy, cut and paste do in a video: what was seen in the frame then is seen in the one now. */
export function carrying(projectId: string, reel: Reel): Pick<Carry, "copy" | "cut" | "paste"> {
  const copy = (): boolean => {
    const tracks = chosenOf(reel);
    if (tracks.length === 0) return false;
    keep({ projectId, frame: reel.frame, tracks });
    notifyDone(words.copied(tracks.length));
    return true;
  };
  const paste = (): boolean => {
    const clip = kept();
    if (!clip || reel.editor.state.readOnly) return false;
    if (clip.projectId !== projectId) notifyDone(words.otherProject);
    else put(reel, clip.tracks, reel.frame - clip.frame);
    return true;
  };
  return { copy, paste, cut: () => !reel.editor.state.readOnly && copy() && (remove(reel), true) };
}
