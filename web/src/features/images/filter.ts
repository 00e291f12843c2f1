import type { ImageState, Split } from "../../api/types";

export type Order = "unlabeled_first" | "name" | "newest";

/** What the library shows; kept in the address, so that any view can be reloaded, bookmarked and shared. */
export interface ImageFilter {
  split?: Split;
  state?: ImageState | "proposals";
  class?: string;
  name?: string;
  order?: Order;
  trash?: true;
}

const SPLITS: readonly Split[] = ["train", "val", "test", "none"];
const STATES: readonly (ImageState | "proposals")[] = ["unlabeled", "labeled", "empty", "proposals"];
const ORDERS: readonly Order[] = ["unlabeled_first", "name", "newest"];

/** Read a filter from the address; what is unknown there is dropped. */
export function parseFilter(search: Record<string, unknown>): ImageFilter {
  const filter: ImageFilter = {};
  const split = oneOf(SPLITS, search["split"]);
  const state = oneOf(STATES, search["state"]);
  const order = oneOf(ORDERS, search["order"]);
  const wantedClass = text(search["class"]);
  const name = text(search["name"]);
  if (split !== undefined) filter.split = split;
  if (state !== undefined) filter.state = state;
  if (wantedClass !== undefined) filter.class = wantedClass;
  if (name !== undefined) filter.name = name;
  if (order !== undefined && order !== "unlabeled_first") filter.order = order;
  if (search["trash"] === true || search["trash"] === "true") filter.trash = true;
  return filter;
}

/** The same filter as query parameters of the server. */
export function filterQuery(filter: ImageFilter) {
  return {
    ...(filter.split === undefined ? {} : { split: filter.split }),
    ...(filter.state === undefined ? {} : { state: filter.state }),
    ...(filter.class === undefined ? {} : { class_id: filter.class }),
    ...(filter.name === undefined ? {} : { name: filter.name }),
    ...(filter.trash === undefined ? {} : { trash: true }),
    order: filter.order ?? ("unlabeled_first" as const),
  };
}

/** A copy with some parts replaced; `undefined` takes a part away. */
export function withFilter(filter: ImageFilter, change: { [K in keyof ImageFilter]: ImageFilter[K] | undefined }) {
  return parseFilter({ ...filter, ...change });
}

/** Whether anything but split, order and trash narrows the list. */
export function isNarrowed(filter: ImageFilter): boolean {
  return filter.state !== undefined || filter.class !== undefined || filter.name !== undefined;
}

function oneOf<T extends string>(choices: readonly T[], value: unknown): T | undefined {
  return choices.find((choice) => choice === value);
}

function text(value: unknown): string | undefined {
  // The router reads "12" in the address as a number.
  const found = typeof value === "number" ? String(value) : value;
  return typeof found === "string" && found !== "" ? found.slice(0, 200) : undefined;
}
