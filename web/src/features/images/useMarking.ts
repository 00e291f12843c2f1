import { useCallback, useLayoutEffect, useRef } from "react";
import { notifyDone, notifyError } from "../../components/notify";
import { count } from "../../lib/format";
import { images as words } from "../../strings/images";
import type { Listing } from "./listing";
import { add, selectAll, toggle, type Selection } from "./selection";

export type Select = (change: (selection: Selection) => Selection) => void;

/** Selecting in a list of which not everything is here: what is between the ends of a range is fetched. */
export function useMarking(listing: Listing, selection: Selection, onSelect: Select) {
  const now = useRef({ listing, anchor: selection.anchor });
  useLayoutEffect(() => {
    now.current = { listing, anchor: selection.anchor };
  });
  /** Up to an image from where the last single choice was made, or else from `begin`. */
  const reach = useCallback(
    (index: number, begin = index) => {
      const { listing, anchor } = now.current;
      const known = anchor === null ? begin : listing.indexOf(anchor);
      const start = known < 0 ? index : known;
      const [from, to] = [Math.min(start, index), Math.max(start, index)];
      if (to - from >= listing.atOnce) {
        notifyDone(words.selectLess(count(listing.atOnce)));
        return;
      }
      take(listing.ids(from, to), (ids) =>
        onSelect((old) => add(old, ids, (start === from ? ids[0] : ids.at(-1)) ?? null)),
      );
    },
    [onSelect],
  );
  const check = useCallback(
    (index: number, isRange: boolean) => {
      const id = now.current.listing.at(index)?.id;
      if (isRange) reach(index);
      else if (id !== undefined) onSelect((old) => toggle(old, id));
    },
    [onSelect, reach],
  );
  const all = useCallback(() => markAll(now.current.listing, onSelect), [onSelect]);
  return { reach, check, all };
}

/** Select everything, or as much of it as can be selected at once. */
export function markAll(listing: Listing, onSelect: Select): void {
  if (listing.length > listing.atOnce) notifyDone(words.selectLess(count(listing.atOnce)));
  take(listing.ids(0, Math.min(listing.length, listing.atOnce) - 1), (ids) => onSelect(() => selectAll(ids)));
}

function take(ids: ReturnType<Listing["ids"]>, mark: (ids: readonly string[]) => void): void {
  if (ids instanceof Promise) void ids.then(mark, (error: unknown) => notifyError(error));
  else mark(ids);
}
