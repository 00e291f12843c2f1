import { ApiError, problemError, unreachable } from "./client";

/**
 * Send bytes as a raw body and return the JSON answer. `fetch` tells nothing of an upload's progress, so this is
 * XMLHttpRequest; errors are the same `ApiError` as everywhere.
 */
export function sendFile<T>(
  method: "POST" | "PATCH",
  url: string,
  body: Blob,
  options: { onProgress?: (share: number) => void; signal?: AbortSignal; headers?: Record<string, string> } = {},
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(method, url);
    request.responseType = "json";
    request.setRequestHeader("Content-Type", "application/octet-stream");
    for (const [name, value] of Object.entries(options.headers ?? {})) request.setRequestHeader(name, value);
    request.upload.onprogress = (event) => {
      if (event.lengthComputable && event.total > 0) options.onProgress?.(event.loaded / event.total);
    };
    request.onload = () => {
      if (request.status >= 200 && request.status < 300) resolve(request.response as T);
      else reject(problemError(request.status, request.response));
    };
    request.onerror = () => reject(unreachable());
    request.onabort = () => reject(new ApiError(0, "aborted", "The upload was broken off."));
    options.signal?.addEventListener("abort", () => request.abort());
    request.send(body);
  });
}
