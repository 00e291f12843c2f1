import { useSyncExternalStore } from "react";
import { api, call, messageOf } from "../../api/client";
import { keys } from "../../api/keys";
import { queryClient } from "../../app/queryClient";
import { newId } from "../../canvas";
import { uploadResumable } from "../exchange/resumable";

/** A video on its way to the server. */
export interface Sending {
  readonly id: string;
  readonly projectId: string;
  readonly file: File;
  readonly share: number;
  /** Why it did not arrive; null while it is under way. */
  readonly problem: string | null;
}

const VIDEO = /\.(mp4|m4v|mkv|webm|mov|avi)$/i;

export const isVideoFile = (file: File): boolean => VIDEO.test(file.name) || file.type.startsWith("video/");

/** Uploads of videos: they go on while one is on other pages of the application. */
class VideoUploads {
  #list: readonly Sending[] = [];
  readonly #aborts = new Map<string, AbortController>();
  readonly #listeners = new Set<() => void>();

  readonly list = (): readonly Sending[] => this.#list;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  add(projectId: string, files: readonly File[]): void {
    for (const file of files) {
      const id = newId();
      this.#become([...this.#list, { id, projectId, file, share: 0, problem: null }]);
      void this.#send(id);
    }
  }

  /** Tries again; what has arrived is not sent twice. */
  retry(id: string): void {
    this.#change(id, { problem: null });
    void this.#send(id);
  }

  /** Breaks it off, or forgets one that has failed. */
  drop(id: string): void {
    this.#aborts.get(id)?.abort();
    this.#become(this.#list.filter((one) => one.id !== id));
  }

  async #send(id: string): Promise<void> {
    const one = this.#list.find((item) => item.id === id);
    if (!one) return;
    const abort = new AbortController();
    this.#aborts.set(id, abort);
    try {
      const onProgress = (share: number): void => this.#change(id, { share });
      const upload_id = await uploadResumable(one.file, { onProgress, signal: abort.signal });
      const params = { path: { project_id: one.projectId } };
      await call(
        api.POST("/api/v1/projects/{project_id}/videos", { params, body: { upload_id, name: one.file.name } }),
      );
      await queryClient.invalidateQueries({ queryKey: [keys.videos("")[0], one.projectId] });
      this.drop(id);
    } catch (error) {
      if (!abort.signal.aborted) this.#change(id, { problem: messageOf(error) });
    } finally {
      this.#aborts.delete(id);
    }
  }

  #change(id: string, patch: Partial<Sending>): void {
    this.#become(this.#list.map((one) => (one.id === id ? { ...one, ...patch } : one)));
  }

  #become(list: readonly Sending[]): void {
    this.#list = list;
    for (const listener of [...this.#listeners]) listener();
  }
}

export const videoUploads = new VideoUploads();

export const useSending = (projectId: string): readonly Sending[] =>
  useSyncExternalStore(videoUploads.subscribe, videoUploads.list).filter((one) => one.projectId === projectId);
