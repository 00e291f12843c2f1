/** Attributes of tracks: of the whole one, or from a frame on. */
import type { Annotation } from "../store/changes";
import { same } from "../store/same";
import { keyAt, keyFor, withKeys } from "./edits";
import type { Track } from "./types";

type Attributes = Annotation["attributes"];

/** What is said otherwise after a change: the new value, none where it was taken away. */
type Said = ReadonlyMap<string, Attributes[string] | undefined>;

function saidIn(before: Attributes, after: Attributes): Said {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return new Map(names.filter((name) => !same(before[name], after[name])).map((name) => [name, after[name]]));
}

const without = (attributes: Attributes, said: Said): Attributes =>
  Object.fromEntries(Object.entries(attributes).filter(([name]) => !said.has(name)));

const givenBy = (said: Said): Attributes =>
  Object.fromEntries([...said].flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));

/** Gives the whole track the attributes that have changed; what its key frames said otherwise of them is gone. */
export function described(track: Track, before: Attributes, after: Attributes): Track {
  const said = saidIn(before, after);
  const keyframes = track.keyframes.map((key) => ({ ...key, attributes: without(key.attributes, said) }));
  return { ...track, attributes: { ...without(track.attributes, said), ...givenBy(said) }, keyframes };
}

/** Gives it them from a frame on, which becomes a key frame, up to the next key frame that says otherwise already. */
export function describedFrom(track: Track, frame: number, before: Attributes, after: Attributes): Track {
  let whole = keyAt(track, frame) ? track : withKeys(track, [keyFor(track, frame)]);
  for (const [name, value] of saidIn(before, after)) whole = saidFrom(whole, frame, name, value);
  return whole;
}

/** Each key frame says by itself what held of it so far: the track as a whole says nothing of it any more. */
function saidFrom(track: Track, frame: number, name: string, value: Attributes[string] | undefined): Track {
  const held = track.keyframes.map(({ attributes }) => attributes[name] ?? track.attributes[name]);
  const first = track.keyframes.findIndex((key) => key.frame >= frame);
  const other = held.findIndex((one, i) => i > first && !same(one, held[first]));
  const end = other < 0 ? held.length : other;
  const said: Said = new Map([[name, undefined]]);
  const keyframes = track.keyframes.map((key, i) => {
    const now = i >= first && i < end ? value : held[i];
    return { ...key, attributes: { ...without(key.attributes, said), ...givenBy(new Map([[name, now]])) } };
  });
  return { ...track, attributes: without(track.attributes, said), keyframes };
}
