/** A search through very many images for a few, answered moment by moment. */
import type { Image } from "../../api/types";
import { PAGE, type ImagePage } from "./pages";

/** What was found behind a place of the list, while the search goes on. */
export interface SoFar {
  readonly start: string | null;
  readonly items: readonly Image[];
}

/** Ask on until a page is full or the list ends; what was found by then is told after each answer. */
export async function search(
  ask: (cursor: string | null) => Promise<ImagePage>,
  start: string | null,
  onSome: (found: SoFar) => void,
): Promise<ImagePage> {
  let items: readonly Image[] = [];
  let cursor = start;
  for (;;) {
    const page = await ask(cursor);
    items = [...items, ...page.items];
    cursor = page.next_cursor ?? null;
    if (items.length >= PAGE || cursor === null) return { items, next_cursor: cursor };
    onSome({ start, items });
  }
}
