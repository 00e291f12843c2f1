import { api, ApiError, call } from "../../api/client";
import { sendFile } from "../../api/sendFile";
import type { Upload } from "../../api/types";

/** Small enough that little is sent twice, large enough that the way there and back does not count. */
const CHUNK = 8 << 20;
const TRIES = 4;

/** One file, or several that belong together. */
export type Files = readonly [File, ...File[]];

/** Finished uploads that belong together, as request bodies name them. */
export interface Uploads {
  upload_id: string;
  more: string[];
}

interface Options {
  onProgress: (share: number) => void;
  signal: AbortSignal;
}

/**
 * Upload a large file piece by piece and return its id. A broken connection is tried again from the last byte that is
 * safe at the server; the same file chosen after a reload goes on as well.
 */
export async function uploadResumable(file: File, { onProgress, signal }: Options): Promise<string> {
  let upload = await begin(file);
  let failures = 0;
  while (upload.received < upload.size) {
    const { id, received, size } = upload;
    try {
      upload = await sendFile<Upload>("PATCH", `/api/v1/uploads/${id}`, file.slice(received, received + CHUNK), {
        signal,
        headers: { "Upload-Offset": String(received) },
        onProgress: (share) => onProgress((received + share * Math.min(CHUNK, size - received)) / size),
      });
      failures = 0;
    } catch (error) {
      failures += 1;
      if (signal.aborted || !canGoOn(error) || failures >= TRIES) throw error;
      await new Promise((resolve) => setTimeout(resolve, 500 * 2 ** failures));
      upload = await find(id);
    }
  }
  window.sessionStorage.removeItem(memory(file));
  return upload.id;
}

/** Upload files that belong together, one after the other; progress counts their bytes. */
export async function uploadAll(files: Files, { onProgress, signal }: Options): Promise<Uploads> {
  const total = files.reduce((sum, file) => sum + file.size, 0);
  const ids: string[] = [];
  let before = 0;
  for (const file of files) {
    const start = before;
    ids.push(
      await uploadResumable(file, { onProgress: (part) => onProgress((start + part * file.size) / total), signal }),
    );
    before += file.size;
  }
  const [upload_id = "", ...more] = ids;
  return { upload_id, more };
}

async function begin(file: File): Promise<Upload> {
  const known = window.sessionStorage.getItem(memory(file));
  if (known !== null) {
    try {
      const upload = await find(known);
      if (upload.size === file.size) return upload;
    } catch {
      // It is gone or was used; a new one begins.
    }
  }
  const upload = await call(api.POST("/api/v1/uploads", { body: { name: file.name.slice(-255), size: file.size } }));
  window.sessionStorage.setItem(memory(file), upload.id);
  return upload;
}

function find(id: string): Promise<Upload> {
  return call(api.GET("/api/v1/uploads/{upload_id}", { params: { path: { upload_id: id } } }));
}

function canGoOn(error: unknown): boolean {
  if (!(error instanceof ApiError)) return false;
  return error.status === 0 || error.status === 503 || error.code === "offset_mismatch";
}

function memory(file: File): string {
  return `upload ${file.name} ${file.size} ${file.lastModified}`;
}
