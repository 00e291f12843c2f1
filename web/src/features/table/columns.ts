/** The columns of the library as a table. */
import type { Image } from "../../api/types";
import type { Order } from "../images/filter";

/** What the API sorts by, as (first click, second click). */
export const SORTED: Readonly<Record<"name" | "objects" | "size" | "added", readonly [Order, Order | undefined]>> = {
  name: ["name", undefined],
  objects: ["most_objects", "fewest_objects"],
  size: ["largest", "smallest"],
  added: ["newest", "oldest"],
};
export type Sorted = keyof typeof SORTED;

/** The order after a click on the head of a column. */
export function nextOrder(column: Sorted, now: Order | undefined): Order | undefined {
  const [first, second] = SORTED[column];
  return now === first ? second : first;
}

/** How a column is sorted, for people who hear the page. */
export function sortOf(column: Sorted, now: Order | undefined): "ascending" | "descending" | "none" {
  const [first, second] = SORTED[column];
  if (now === undefined || (now !== first && now !== second)) return "none";
  return now === "name" || now === second ? "ascending" : "descending";
}

/** The fields that can be columns: those that are, those of the images, and the usual ones. */
export function knownFields(images: readonly Image[], shown: readonly string[], usual: readonly string[]): string[] {
  const found = new Set(images.flatMap(({ metadata = {} }) => Object.keys(metadata)));
  const others = [...found].filter((name) => !usual.includes(name)).sort((a, b) => a.localeCompare(b));
  return [...new Set([...usual, ...others, ...shown])];
}
