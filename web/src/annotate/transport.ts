/** How the editor reaches the server: pictures, annotations and saves in the terms of the canvas. */
import { drawn } from "../canvas";
import type { Annotation, Item } from "../canvas";
import { ApiError, api, call } from "../api/client";
import type { Schemas } from "../api/client";
import { keys } from "../api/keys";
import type { Image } from "../api/types";
import { queryClient } from "../app/queryClient";
import { Offline, Refused, Stale } from "./sync/queue";
import { chunks, MANY, sliced } from "./sync/slices";
import type { Transport } from "./sync/queue";
import type { Remote, WireChangeSet } from "./sync/wire";

/** Browsers refuse requests that outlive the page above this size. */
export const KEEPALIVE_BYTES = 60_000;

/** Has every field of the wire: with one missing, a shape drawn here would never equal itself on the server. */
const BLANK: Annotation & Record<keyof Schemas["Annotation"], unknown> = drawn(
  { type: "box", x0: 0, y0: 0, x1: 1, y1: 1 },
  "",
);

const path = (imageId: string) => ({ params: { path: { image_id: imageId } } });

/** What a failed request means to the queue. Nobody is signed in, or somebody else: the work waits for its owner. */
function failure(error: unknown, remote: (current: unknown) => Remote<Item>): unknown {
  if (!(error instanceof ApiError)) return error;
  if (error.status === 401) queryClient.setQueryData(keys.session, null);
  if (error.code === "other_person") window.location.reload();
  if (WAITING.has(error.status) || error.status >= 500 || error.code === "other_person") {
    return new Offline(error.message);
  }
  if (error.code !== "revision_conflict") return new Refused(error.message);
  const current = error.detail["current"];
  return new Stale(error.message, current === undefined ? undefined : remote(current));
}

/** Unreachable, signed out, too many at once: the same set may be taken later. */
const WAITING: ReadonlySet<number> = new Set([0, 401, 429]);

/** `remote` reads the newer state that a refusal may tell. */
export async function asked<T>(request: Promise<T>, remote: (current: unknown) => Remote<Item>): Promise<T> {
  try {
    return await request;
  } catch (error) {
    throw failure(error, remote);
  }
}

export const annotationOf = (annotation: Schemas["Annotation"]): Annotation => ({ ...BLANK, ...annotation });

interface Found {
  readonly revision: number;
  readonly annotations: readonly unknown[];
}

// The client widens fixed-length arrays; the schema is the truth.
const remoteOf = ({ revision, annotations }: Found): Remote => ({
  revision,
  annotations: (annotations as Schemas["Annotation"][]).map(annotationOf),
});

const current = (found: unknown): Remote => remoteOf(found as Found);

export const loadAnnotations = async (imageId: string): Promise<Remote> =>
  remoteOf(await call(api.GET("/api/v1/images/{image_id}/annotations", path(imageId))));

export const loadImage = (imageId: string): Promise<Image> => call(api.GET("/api/v1/images/{image_id}", path(imageId)));

/**
 * What is sent of a set: as it is, or, of very many changes, as text that is made in slices. A page that closes has no
 * time for that.
 */
export async function written(
  body: { readonly changes: readonly unknown[] },
  keepalive: boolean,
): Promise<{ bodySerializer?: () => Blob }> {
  const { changes, ...head } = body;
  if (keepalive || changes.length <= MANY) return {};
  const text = new TextEncoder();
  const parts = await sliced(chunks(changes, 20), (some) =>
    text.encode(`${some.map((one) => JSON.stringify(one)).join(",")},`),
  );
  const last = parts.pop()?.slice(0, -1) ?? "";
  const blob = new Blob([JSON.stringify(head).slice(0, -1), ',"changes":[', ...parts, last, "]}"]);
  return { bodySerializer: () => blob };
}

/** Saves as one person only, whoever else has signed in with this browser meanwhile. */
export const transportOf = (author: string): Transport => ({
  load: (imageId) => asked(loadAnnotations(imageId), current),
  async save(imageId: string, set: WireChangeSet, keepalive: boolean) {
    const body = set as Schemas["ChangeSet"];
    const outlives = keepalive && JSON.stringify(body).length < KEEPALIVE_BYTES;
    const params = { ...path(imageId).params, query: { author_id: author } };
    const how = { ...(await written(set, keepalive)), keepalive: outlives };
    return asked(call(api.POST("/api/v1/images/{image_id}/changes", { params, body, ...how })), current);
  },
});

/** The upright picture, decoded away from the main thread; of a very large one, which has tiles, a small copy. */
export const loadPixels = (imageId: string): Promise<ImageBitmap> => decoded(imageId, "view?whole=false");

export const loadTile = (imageId: string, level: number, x: number, y: number): Promise<ImageBitmap> =>
  decoded(imageId, `tiles/${level}/${x}/${y}`);

async function decoded(imageId: string, what: string): Promise<ImageBitmap> {
  let response: Response;
  try {
    response = await fetch(`/api/v1/images/${encodeURIComponent(imageId)}/${what}`);
  } catch {
    throw new Offline();
  }
  if (!response.ok) throw new Refused((await aboutOriginal(response)) ?? String(response.status));
  return createImageBitmap(await response.blob());
}

/** What the server says of a picture that is there by reference, and gone or changed; undefined for all else. */
async function aboutOriginal(response: Response): Promise<string | undefined> {
  const said = (await response.json().catch(() => null)) as { code?: unknown; title?: unknown } | null;
  return String(said?.code).startsWith("original_") && typeof said?.title === "string" ? said.title : undefined;
}
