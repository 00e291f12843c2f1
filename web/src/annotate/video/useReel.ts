/** The video at work for React: a component is drawn again only when the part it asked for changes. */
import { useCallback, useSyncExternalStore } from "react";

import type { Track, VideoDocument } from "../../canvas";
import type { Reel, ReelState } from "./reel";

/** One value of the state; `pick` must return a primitive or an object that lives in the state. */
export function useReel<T>(reel: Reel, pick: (state: ReelState) => T): T {
  const subscribe = useCallback((notify: () => void) => reel.on("state", notify), [reel]);
  return useSyncExternalStore(subscribe, () => pick(reel.state));
}

const versions = new WeakMap<VideoDocument, { readonly list: readonly Track[] }>();

/** All tracks, drawn again after each change of them. */
export function useTracks(document: VideoDocument): readonly Track[] {
  const subscribe = useCallback(
    (notify: () => void) =>
      document.tracks.observe(() => {
        versions.delete(document);
        notify();
      }),
    [document],
  );
  return useSyncExternalStore(subscribe, () => {
    const known = versions.get(document);
    if (known && known.list.length === document.tracks.size) return known.list;
    const list = document.tracks.all();
    versions.set(document, { list });
    return list;
  });
}
