import { useSearch } from "@tanstack/react-router";
import { useEffect } from "react";

import type { Editor } from "../canvas";
import { boundsOfSpot, parseSpot } from "./spot";

/** Shows the place that the address names, once the picture is open. */
export function useSpot(editor: Editor, imageId: string, opened: boolean): void {
  const spot = parseSpot(useSearch({ strict: false }));
  const { at, object } = spot;
  useEffect(() => {
    const bounds = boundsOfSpot({ ...(at === undefined ? {} : { at }) });
    if (!opened || bounds === undefined) return undefined;
    // The canvas opens the document in the same turn, and shows all of it first.
    const frame = requestAnimationFrame(() => editor.show(bounds, object));
    return () => cancelAnimationFrame(frame);
  }, [editor, imageId, opened, at, object]);
}
