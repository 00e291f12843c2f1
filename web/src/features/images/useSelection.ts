import { useCallback, useState } from "react";
import { NOTHING, type Selection } from "./selection";

/** What is selected at a place; another place begins with nothing. */
export function useSelection(place: string) {
  const [held, setHeld] = useState({ place, selection: NOTHING });
  const select = useCallback(
    (next: Selection | ((now: Selection) => Selection)) =>
      setHeld((now) => {
        const current = now.place === place ? now.selection : NOTHING;
        return { place, selection: typeof next === "function" ? next(current) : next };
      }),
    [place],
  );
  return [held.place === place ? held.selection : NOTHING, select] as const;
}
