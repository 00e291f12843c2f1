// @vitest-environment jsdom
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { ApiError } from "../../api/client";
import type { Upload } from "../../api/types";
import { uploadResumable } from "./resumable";

const server = vi.hoisted(() => ({
  received: 0,
  size: 0,
  offsets: [] as number[],
  failures: [] as (Error | undefined)[],
}));
const CHUNK = 8 << 20;

vi.mock("../../api/sendFile", () => ({
  sendFile: (_method: string, _url: string, body: Blob, options: { headers: Record<string, string> }) => {
    server.offsets.push(Number(options.headers["Upload-Offset"]));
    const failure = server.failures.shift();
    if (failure !== undefined) return Promise.reject(failure);
    server.received += body.size;
    return Promise.resolve(answer());
  },
}));
vi.mock("../../api/client", async (original) => ({
  ...(await original<object>()),
  api: {
    POST: (_path: string, { body }: { body: { size: number } }) => {
      server.size = body.size;
      return Promise.resolve({ data: answer(), response: new Response() });
    },
    GET: () => Promise.resolve({ data: answer(), response: new Response() }),
  },
}));

function answer(): Upload {
  return { id: "u", name: "a.zip", size: server.size, received: server.received, created_at: "" };
}

beforeEach(() => {
  Object.assign(server, { received: 0, size: 0, offsets: [], failures: [] });
  vi.useFakeTimers();
});
afterEach(() => {
  window.sessionStorage.clear();
  vi.useRealTimers();
});

const file = () => new File([new Uint8Array(CHUNK + 10)], "a.zip");
const options = () => ({ onProgress: vi.fn(), signal: new AbortController().signal });

it("sends pieces one after the other", async () => {
  await expect(uploadResumable(file(), options())).resolves.toBe("u");
  expect(server.offsets).toEqual([0, CHUNK]);
});

it("goes on from what is safe after the connection broke", async () => {
  server.failures = [undefined, new ApiError(0, "unreachable", "away")];
  const done = uploadResumable(file(), options());
  await vi.runAllTimersAsync();
  await expect(done).resolves.toBe("u");
  expect(server.offsets).toEqual([0, CHUNK, CHUNK]);
});

it("gives up at once when the server refuses", async () => {
  server.failures = [new ApiError(413, "too_large", "Too large.")];
  await expect(uploadResumable(file(), options())).rejects.toThrow("Too large.");
  expect(server.offsets).toEqual([0]);
});

it("continues an upload of the same file that began before a reload", async () => {
  server.failures = [undefined, new ApiError(413, "too_large", "Too large.")];
  const same = file();
  await expect(uploadResumable(same, options())).rejects.toThrow();
  await expect(uploadResumable(same, options())).resolves.toBe("u");
  expect(server.offsets).toEqual([0, CHUNK, CHUNK]);
});
