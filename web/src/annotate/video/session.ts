/** Videos that are open: tracks with their undo steps and queues. They outlive the page, as images do. */
import type { Video } from "../../api/types";
import { VideoDocument } from "../../canvas";
import type { Track } from "../../canvas";
import { remembered, session } from "../session";
import type { Aside } from "../session";
import { SyncQueue } from "../sync/queue";
import { videoSubject } from "../sync/subjects";
import { loadTimes, loadTracks, loadVideo, transportOf } from "./transport";

export interface VideoEntry {
  readonly video: Video;
  readonly document: VideoDocument;
  readonly times: readonly number[];
  readonly queue: SyncQueue<Track>;
}

const MAX_ENTRIES = 20;

class VideoSession implements Aside {
  readonly #entries = new Map<string, VideoEntry>();
  readonly #opening = new Map<string, Promise<VideoEntry>>();
  /** Saved by somebody while they were on their way here. */
  readonly #outdated = new Set<string>();

  peek(videoId: string): VideoEntry | undefined {
    return this.#entries.get(videoId);
  }

  open(videoId: string): Promise<VideoEntry> {
    const known = this.#entries.get(videoId);
    return known ? Promise.resolve(known) : remembered(this.#opening, videoId, () => this.#load(videoId));
  }

  /** Opens a video and goes on with what former tabs have left of it. */
  async recover(videoId: string): Promise<VideoEntry> {
    const entry = await this.open(videoId);
    await entry.queue.adopt(await session.journal.adopt<Track>(videoSubject(videoId)));
    return entry;
  }

  get isDirty(): boolean {
    return [...this.#entries.values()].some(({ queue }) => queue.isDirty);
  }

  flush(keepalive: boolean): void {
    for (const { queue } of this.#entries.values()) if (queue.isDirty) void queue.flush(keepalive);
  }

  putAway(): void {
    for (const { queue } of this.#entries.values()) queue.stop();
    this.#entries.clear();
  }

  /** Somebody saved the tracks of a video, at `revision` where that is known. */
  notice(videoId: string, revision?: number): void {
    const queue = this.peek(videoId)?.queue;
    if (this.#opening.has(videoId)) this.#outdated.add(videoId);
    else if (revision === undefined) void queue?.refresh();
    else queue?.notice(revision);
  }

  async #load(videoId: string): Promise<VideoEntry> {
    const { journal, user } = session;
    this.#outdated.delete(videoId);
    const [video, times, remote] = await Promise.all([loadVideo(videoId), loadTimes(videoId), loadTracks(videoId)]);
    const document = new VideoDocument(videoId, video, video.frames, remote.annotations);
    const subject = videoSubject(videoId);
    const queue = new SyncQueue<Track>(subject, document.tracks, remote, transportOf(user), {
      journal,
      calm: () => session.calm(),
      news: (id, news) => session.tell(id, news),
    });
    await queue.adopt(await journal.adopt<Track>(subject));
    const entry = { video, document, times, queue };
    this.#entries.set(videoId, entry);
    if (this.#outdated.delete(videoId)) void queue.refresh();
    for (const [id, other] of [...this.#entries].slice(0, -MAX_ENTRIES)) {
      if (!other.queue.isDirty && other.document.drafts.size === 0) this.#entries.delete(id);
    }
    return entry;
  }
}

export const videos = new VideoSession();
session.accompany(videos);
