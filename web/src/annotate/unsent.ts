/** Work that a closed tab, a crash or a dead server left behind is sent as soon as the server answers. */
import { ApiError } from "../api/client";
import { notifyDone } from "../components/notify";
import { annotate as text } from "../strings/annotate";
import type { Subjects } from "../strings/annotate";
import { session } from "./session";
import type { SaveState, SyncQueue } from "./sync/queue";
import { isVideo, videoIdOf } from "./sync/subjects";
import { videos } from "./video/session";

/** A picture or a video that could be opened. */
export interface Found {
  readonly queue: Waiting;
  readonly projectId: string;
  readonly name: string;
}

type Waiting = Pick<SyncQueue, "subscribe" | "isDirty"> & { readonly status: { readonly state: SaveState } };

/** A picture or video whose work from before could not be saved without its owner. */
export interface Leftover {
  readonly imageId: string;
  /** Missing where the picture could not be opened. */
  readonly entry?: Found;
  /** It is in no project any more that this person may see. */
  readonly gone: boolean;
}

const ENDS: ReadonlySet<SaveState> = new Set(["saved", "conflict", "refused", "offline"]);
const listeners = new Set<() => void>();
let leftovers: readonly Leftover[] = [];
let running = Promise.resolve();

export const unsent = {
  list: (): readonly Leftover[] => leftovers,
  subscribe: (listener: () => void): (() => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
  /** Forgets the work on a picture that is gone. */
  async discard(imageId: string): Promise<void> {
    for (const { drop } of await session.journal.adopt(imageId)) drop();
    show(leftovers.filter((one) => one.imageId !== imageId));
  },
};

/** Opens each picture with unsent work, which sends it, and says how that ended. One round after the other. */
export function sendUnsent(): Promise<void> {
  session.flush();
  running = running.then(round);
  return running;
}

async function round(): Promise<void> {
  const left: Leftover[] = [];
  const sent: string[] = [];
  for (const imageId of await session.journal.left(() => void sendUnsent())) {
    const one = await recovered(imageId);
    if (one) left.push(one);
    else sent.push(imageId);
  }
  // Pictures from an earlier round are open here by now, and no longer left.
  const known = new Set(left.map(({ imageId }) => imageId));
  show([...leftovers.filter(({ imageId, entry }) => entry && !known.has(imageId)), ...left]);
  if (sent.length > 0) notifyDone(text.recovered(counted(sent)));
}

async function recovered(imageId: string): Promise<Leftover | null> {
  try {
    const entry = await found(imageId);
    return (await ended(entry.queue)) === "saved" ? null : { imageId, entry, gone: false };
  } catch (error) {
    return { imageId, gone: error instanceof ApiError && error.status === 404 };
  }
}

async function found(subject: string): Promise<Found> {
  if (isVideo(subject)) {
    const { video, queue } = await videos.recover(videoIdOf(subject));
    return { queue, projectId: video.project_id, name: video.name };
  }
  const { image, queue } = await session.recover(subject);
  return { queue, projectId: image.project_id, name: image.name };
}

function ended(queue: Waiting): Promise<SaveState> {
  return new Promise((resolve) => {
    const look = (): void => {
      const { state } = queue.status;
      if (!ENDS.has(state)) return;
      stop();
      resolve(state);
    };
    const stop = queue.subscribe(look);
    look();
  });
}

/** How many of them are images, and how many videos. */
export function counted(subjects: readonly string[]): Subjects {
  const videos = subjects.filter(isVideo).length;
  return { images: subjects.length - videos, videos };
}

const watched = new WeakSet<Waiting>();

function show(list: readonly Leftover[]): void {
  for (const { entry } of list) {
    if (!entry || watched.has(entry.queue)) continue;
    watched.add(entry.queue);
    entry.queue.subscribe(() => {
      if (!entry.queue.isDirty && leftovers.some((one) => one.entry === entry)) show(leftovers);
    });
  }
  leftovers = list.filter(({ entry }) => entry?.queue.isDirty ?? true);
  for (const listener of [...listeners]) listener();
}
