import type { Schemas } from "../../api/client";
import type { ImageState, Split, WorkState } from "../../api/types";

export type WorkFilter = WorkState | "open";
export const WORK_FILTERS: readonly WorkFilter[] = ["open", "new", "in_work", "submitted", "accepted", "returned"];
export const ORDERS = [
  "unlabeled_first",
  "name",
  "newest",
  "oldest",
  "last_changed",
  "most_objects",
  "fewest_objects",
  "least_sure",
  "largest",
  "smallest",
] as const;
export type Order = (typeof ORDERS)[number];
export const OBJECTS = ["annotations", "proposals", "both"] as const;
export const COMMENTS = ["any", "open", "none"] as const;
export const SOURCES = ["manual", "import", "model"] as const;

export const LAYOUTS = ["pictures", "table"] as const;

/** What the library shows; kept in the address, so that any view can be reloaded, bookmarked and shared. */
export interface ImageFilter {
  split?: Split;
  state?: ImageState | "proposals";
  /** One class, or at least two of which any will do. */
  class?: string;
  classes?: string[];
  /** Which objects the class and what follows up to the attribute speak of. */
  objects?: (typeof OBJECTS)[number];
  source?: (typeof SOURCES)[number];
  min_score?: number;
  max_score?: number;
  /** In pixels. */
  min_area?: number;
  max_area?: number;
  /** Of the picture, from 0 to 1. */
  min_share?: number;
  max_share?: number;
  /** Width by height of the frame. */
  min_ratio?: number;
  max_ratio?: number;
  attribute?: string;
  attribute_value?: string;
  min_objects?: number;
  max_objects?: number;
  /** Width by height of the image. */
  min_pixels?: number;
  max_pixels?: number;
  /** One tag, or at least two that are all wanted. */
  tag?: string;
  tags?: string[];
  metadata?: string;
  metadata_value?: string;
  /** Days of this browser's calendar: 2026-11-28. */
  from?: string;
  to?: string;
  /** The id of a dataset version. */
  changed_since?: string;
  comments?: (typeof COMMENTS)[number];
  /** The id of a video, `any` or `none`. */
  video?: string;
  name?: string;
  /** The id of a person, `me` or `nobody`. */
  assignee?: string;
  work?: WorkFilter;
  order?: Order;
  trash?: true;
  /** How the images are shown, and which fields the table has as columns: nothing that is asked of the server. */
  as?: (typeof LAYOUTS)[number];
  columns?: string[];
}

export type Change = { [K in keyof ImageFilter]: ImageFilter[K] | undefined };

const CHOICES = {
  split: ["train", "val", "test", "none"],
  state: ["unlabeled", "labeled", "empty", "proposals"],
  objects: OBJECTS,
  source: SOURCES,
  comments: COMMENTS,
  work: WORK_FILTERS,
  order: ORDERS,
  as: LAYOUTS,
} as const;
const TEXTS = [
  "attribute",
  "attribute_value",
  "metadata",
  "metadata_value",
  "changed_since",
  "video",
  "name",
  "assignee",
] as const;
/** The largest number that means something. */
const NUMBERS = {
  min_score: 1,
  max_score: 1,
  min_area: 1e12,
  max_area: 1e12,
  min_share: 1,
  max_share: 1,
  min_ratio: 1e6,
  max_ratio: 1e6,
  min_pixels: 2 ** 53 - 1,
  max_pixels: 2 ** 53 - 1,
  min_objects: 2 ** 31 - 1,
  max_objects: 2 ** 31 - 1,
} as const;
const OF_OBJECTS = [
  "class",
  "classes",
  "source",
  "min_score",
  "max_score",
  "min_area",
  "max_area",
  "min_share",
  "max_share",
  "min_ratio",
  "max_ratio",
  "attribute",
] as const;

/** Read a filter from the address; what is unknown there is dropped. */
export function parseFilter(search: Record<string, unknown>): ImageFilter {
  const found: Record<string, unknown> = {};
  const put = (part: string, value: unknown) => {
    if (value !== undefined) found[part] = value;
  };
  for (const [part, choices] of Object.entries(CHOICES)) put(part, oneOf<string>(choices, search[part]));
  some(put, "class", "classes", search);
  some(put, "tag", "tags", search);
  for (const part of TEXTS) put(part, text(search[part]));
  for (const [part, most] of Object.entries(NUMBERS))
    put(part, number(search[part], most, /objects|pixels/.test(part)));
  for (const part of ["from", "to"]) put(part, day(search[part]));
  put("columns", columnsOf(search["columns"]));
  if (search["trash"] === true || search["trash"] === "true") found["trash"] = true;
  return sensible(found);
}

/** Without the parts that say nothing where others are missing, so that equal views have equal addresses. */
function sensible(filter: ImageFilter): ImageFilter {
  if (filter.attribute === undefined) delete filter.attribute_value;
  if (filter.as !== "table") delete filter.columns;
  if (filter.metadata === undefined) delete filter.metadata_value;
  if (!OF_OBJECTS.some((part) => filter[part] !== undefined)) delete filter.objects;
  const listsOthers = filter.order === "least_sure" && filter.state !== "proposals";
  if (filter.order === "unlabeled_first" || listsOthers) delete filter.order;
  return filter;
}

/** What is asked for, however it is shown. */
export function asked({ as: _as, columns: _columns, ...filter }: ImageFilter): ImageFilter {
  return filter;
}

/** The same filter as query parameters of the server. */
export function filterQuery(filter: ImageFilter) {
  const { class: one, classes, from, to, order = "unlabeled_first", as: _as, columns: _columns, ...same } = filter;
  return {
    ...same,
    ...(one === undefined ? {} : { class_id: one }),
    ...(classes === undefined ? {} : { class_ids: classes }),
    ...(from === undefined ? {} : { added_from: midnight(from, 0) }),
    ...(to === undefined ? {} : { added_to: midnight(to, 1) }),
    order,
  };
}

/** The filter of a query, as a saved view has it; whose times are days of this browser's calendar as far as they can be. */
export function filterOf(query: Schemas["ImageQuery"]): ImageFilter {
  const { class_id, class_ids, added_from, added_to, ...same } = query;
  const given = Object.entries(same).filter(([, value]) => value !== null);
  return parseFilter({
    ...Object.fromEntries(given),
    ...(query.order === "least_sure" ? { state: "proposals" } : {}),
    class: class_id,
    classes: class_ids,
    from: dayOf(added_from, 0),
    to: dayOf(added_to, -1),
  });
}

/** A saved view as a filter, with how it was shown where that was saved. */
export function viewFilter({ query, layout, columns }: Schemas["SavedView"]): ImageFilter {
  return withFilter(filterOf(query), { as: layout ?? undefined, columns: columns ? [...columns] : undefined });
}

/** The same filter for the body of a request. */
export function filterBody(filter: ImageFilter) {
  return { tags: [], class_ids: [], trash: false, ...filterQuery(filter) };
}

/** A copy with some parts replaced; `undefined` takes a part away. */
export function withFilter(filter: ImageFilter, change: Change): ImageFilter {
  return parseFilter({ ...filter, ...change });
}

const STANDING: readonly string[] = ["split", "order", "trash", "as", "columns"];
/** What stays as it is while one works on pictures. */
const LASTING: readonly string[] = [
  ...STANDING,
  "name",
  "tag",
  "tags",
  "min_pixels",
  "max_pixels",
  "metadata",
  "metadata_value",
  "from",
  "to",
  "video",
];

/** Whether anything but split, order and trash narrows the list. */
export function isNarrowed(filter: ImageFilter): boolean {
  return Object.keys(filter).some((part) => !STANDING.includes(part));
}

/** Whether working on a picture may take it out of the filter, or to another place. */
export function isMoving(filter: ImageFilter): boolean {
  return /objects|sure|changed/.test(filter.order ?? "") || Object.keys(filter).some((part) => !LASTING.includes(part));
}

/** The same filter without what narrows it. */
export function widened(filter: ImageFilter): ImageFilter {
  return parseFilter(Object.fromEntries(Object.entries(filter).filter(([part]) => STANDING.includes(part))));
}

/** The classes of which any will do. */
export const classesOf = (filter: ImageFilter): string[] =>
  filter.classes ?? (filter.class === undefined ? [] : [filter.class]);

/** The tags that are all wanted. */
export const tagsOf = (filter: ImageFilter): string[] => filter.tags ?? (filter.tag === undefined ? [] : [filter.tag]);

function oneOf<T extends string>(choices: readonly T[], value: unknown): T | undefined {
  return choices.find((choice) => choice === value);
}

function text(value: unknown): string | undefined {
  // The router reads "12" in the address as a number, and "true" as yes.
  const found = typeof value === "number" || typeof value === "boolean" ? String(value) : value;
  return typeof found === "string" && found !== "" ? found.slice(0, 200) : undefined;
}

/** One or several: a single one has its own part. */
function some(put: (part: string, value: unknown) => void, one: string, more: string, search: Record<string, unknown>) {
  const listed: unknown[] = Array.isArray(search[more]) ? search[more] : [search[more]];
  const found = [...new Set([search[one], ...listed].map(text).filter((value) => value !== undefined))].slice(0, 50);
  if (found.length === 1) put(one, found[0]);
  if (found.length > 1) put(more, found);
}

/** Names of fields, each once; none is a list as well. */
function columnsOf(value: unknown): string[] | undefined {
  if (!Array.isArray(value)) return undefined;
  return [...new Set(value.map(text).filter((name) => name !== undefined))].slice(0, 50);
}

function number(value: unknown, most: number, whole: boolean): number | undefined {
  const found = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  if (typeof found !== "number" || !(found >= 0 && found <= most)) return undefined;
  return whole ? Math.round(found) : found;
}

function day(value: unknown): string | undefined {
  const found = typeof value === "string" ? /^(\d{4})-(\d\d)-(\d\d)$/.exec(value) : null;
  if (found === null) return undefined;
  const [written, year, month, date] = found;
  const real = new Date(Number(year), Number(month) - 1, Number(date));
  return real.getMonth() === Number(month) - 1 ? written : undefined;
}

/** The day to which a moment belongs here, or what is just before it; a day stays one. */
function dayOf(written: string | null | undefined, later: number): string | undefined {
  if (written === null || written === undefined || written.length === 10) return written ?? undefined;
  const moment = new Date(new Date(written).getTime() + later);
  const two = (number: number) => String(number).padStart(2, "0");
  return `${moment.getFullYear()}-${two(moment.getMonth() + 1)}-${two(moment.getDate())}`;
}

/** The moment at which a day begins here, or a day after it. */
function midnight(written: string, later: number): string {
  const [year = 0, month = 1, date = 1] = written.split("-").map(Number);
  return new Date(year, month - 1, date + later).toISOString();
}
