/** How the video editor reaches the server: tracks and saves in the terms of the canvas. */
import { api, call } from "../../api/client";
import type { Schemas } from "../../api/client";
import type { KeyFrame, Track } from "../../canvas";
import type { Transport } from "../sync/queue";
import { videoIdOf } from "../sync/subjects";
import type { Remote, WireChange, WireChangeSet } from "../sync/wire";
import { asked, KEEPALIVE_BYTES } from "../transport";

const path = (videoId: string) => ({ params: { path: { video_id: videoId } } });

/** Every field of the wire: with one missing, a track drawn here would never equal itself on the server. */
export function trackOf(track: Schemas["Track"]): Track {
  const { id, class_id, z, attributes = {}, source, author_id = null, external_id = null } = track;
  return { id, class_id, keyframes: track.keyframes.map(keyOf), z, attributes, source, author_id, external_id };
}

// The client widens fixed-length arrays; the schema is the truth.
const keyOf = ({ frame, geometry, outside, occluded, attributes }: Schemas["KeyFrame"]): KeyFrame => ({
  frame,
  geometry: geometry,
  outside,
  occluded,
  attributes: attributes ?? {},
});

const remoteOf = ({ revision, tracks }: Schemas["VideoTracks"]): Remote<Track> => ({
  revision,
  annotations: tracks.map(trackOf),
});

const current = (found: unknown): Remote<Track> => remoteOf(found as Schemas["VideoTracks"]);

export const loadVideo = (videoId: string) => call(api.GET("/api/v1/videos/{video_id}", path(videoId)));
export const loadTimes = async (videoId: string): Promise<readonly number[]> =>
  (await call(api.GET("/api/v1/videos/{video_id}/times", path(videoId)))).times;
export const loadTracks = async (videoId: string): Promise<Remote<Track>> =>
  current(await call(api.GET("/api/v1/videos/{video_id}/tracks", path(videoId))));

const named = (change: WireChange<Track>) =>
  change.op === "delete" ? change : { op: change.op, track: change.annotation };

/** Saves as one person only, whoever else has signed in with this browser meanwhile. */
export const transportOf = (author: string): Transport<Track> => ({
  load: (subject) => asked(loadTracks(videoIdOf(subject)), current),
  save(subject: string, set: WireChangeSet<Track>, keepalive: boolean) {
    const body = { ...set, changes: set.changes.map(named) } as unknown as Schemas["TrackChanges"];
    const outlives = keepalive && JSON.stringify(body).length < KEEPALIVE_BYTES;
    const params = { path: { video_id: videoIdOf(subject) }, query: { author_id: author } };
    const request = api.POST("/api/v1/videos/{video_id}/changes", { params, body, keepalive: outlives });
    return asked(call(request), current);
  },
});
