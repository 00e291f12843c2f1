import type { ImageState, Split, WorkState } from "../../api/types";

export type Order = "unlabeled_first" | "name" | "newest";

/** What the library shows; kept in the address, so that any view can be reloaded, bookmarked and shared. */
export interface ImageFilter {
  split?: Split;
  state?: ImageState | "proposals";
  class?: string;
  tag?: string;
  name?: string;
  order?: Order;
  trash?: true;
  /** The id of a person, `me` or `nobody`. */
  assignee?: string;
  work?: WorkFilter;
}

export type WorkFilter = WorkState | "open";
export const WORK_FILTERS: readonly WorkFilter[] = ["open", "new", "in_work", "submitted", "accepted", "returned"];

const SPLITS: readonly Split[] = ["train", "val", "test", "none"];
const STATES: readonly (ImageState | "proposals")[] = ["unlabeled", "labeled", "empty", "proposals"];
const TEXTS = ["class", "tag", "name", "assignee"] as const;
const ORDERS: readonly Order[] = ["unlabeled_first", "name", "newest"];

/** Read a filter from the address; what is unknown there is dropped. */
export function parseFilter(search: Record<string, unknown>): ImageFilter {
  const filter: ImageFilter = {};
  const split = oneOf(SPLITS, search["split"]);
  const state = oneOf(STATES, search["state"]);
  const order = oneOf(ORDERS, search["order"]);
  if (split !== undefined) filter.split = split;
  if (state !== undefined) filter.state = state;
  for (const part of TEXTS) {
    const found = text(search[part]);
    if (found !== undefined) filter[part] = found;
  }
  const work = oneOf(WORK_FILTERS, search["work"]);
  if (work !== undefined) filter.work = work;
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
    ...(filter.tag === undefined ? {} : { tag: filter.tag }),
    ...(filter.name === undefined ? {} : { name: filter.name }),
    ...(filter.trash === undefined ? {} : { trash: true }),
    ...(filter.assignee === undefined ? {} : { assignee: filter.assignee }),
    ...(filter.work === undefined ? {} : { work: filter.work }),
    order: filter.order ?? ("unlabeled_first" as const),
  };
}

/** A copy with some parts replaced; `undefined` takes a part away. */
export function withFilter(filter: ImageFilter, change: { [K in keyof ImageFilter]: ImageFilter[K] | undefined }) {
  return parseFilter({ ...filter, ...change });
}

/** Whether anything but split, order and trash narrows the list. */
export function isNarrowed(filter: ImageFilter): boolean {
  return NARROWING.some((part) => filter[part] !== undefined);
}

const NARROWING = ["state", "class", "tag", "name", "assignee", "work"] as const;

/** The same filter without what narrows it. */
export function widened(filter: ImageFilter): ImageFilter {
  return withFilter(filter, Object.fromEntries(NARROWING.map((part) => [part, undefined])));
}

function oneOf<T extends string>(choices: readonly T[], value: unknown): T | undefined {
  return choices.find((choice) => choice === value);
}

function text(value: unknown): string | undefined {
  // The router reads "12" in the address as a number.
  const found = typeof value === "number" ? String(value) : value;
  return typeof found === "string" && found !== "" ? found.slice(0, 200) : undefined;
}
