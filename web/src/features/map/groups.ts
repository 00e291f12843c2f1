import type { Schemas } from "../../api/client";
import { count } from "../../lib/format";
import { common } from "../../strings/common";
import { map as words } from "../../strings/map";
import type { Colour } from "./view";

export type Points = Schemas["MapPoints"];

/** Points of one colour. */
export interface Group {
  readonly key: string;
  readonly name: string;
  readonly color: string;
  readonly rows: readonly number[];
}

interface Label {
  readonly id: string;
  readonly name: string;
  readonly color: string;
}

/** Far apart on light and on dark ground, and for colour-blind eyes. */
const SPLITS = { train: "#3c7dd9", val: "#D55E00", test: "#009E73", none: "#8f8f96" } as const;
const STATES = { unlabeled: "#D55E00", labeled: "#3c7dd9", empty: "#009E73" } as const;
const GREY = "#8f8f96";
/** Classes with a line of their own; the others share one. */
const MOST = 12;

/** The points by split, by state, or by the class of most of their objects; the largest class first. */
export function groupsOf(points: Points, colour: Colour, classes: readonly Label[]): Group[] {
  if (colour === "split") return named(points.splits, SPLITS, common.split);
  if (colour === "state") return named(points.states, STATES, common.state);
  const rows = points.class_ids.map((): number[] => []);
  const none: number[] = [];
  points.classes.forEach((number, row) => (rows[number] ?? none).push(row));
  const byId = new Map(classes.map((one) => [one.id, one]));
  const found = points.class_ids
    .map((id, number) => ({
      key: id,
      name: byId.get(id)?.name ?? id,
      color: byId.get(id)?.color ?? GREY,
      rows: rows[number] ?? [],
    }))
    .filter((group) => group.rows.length > 0)
    .sort((a, b) => b.rows.length - a.rows.length);
  const rest = found.length > MOST ? found.splice(MOST - 1) : [];
  if (rest.length > 0) {
    found.push({
      key: "rest",
      name: words.others(count(rest.length)),
      color: GREY,
      rows: rest.flatMap((one) => one.rows),
    });
  }
  return none.length === 0 ? found : [...found, { key: "none", name: words.noClass, color: GREY, rows: none }];
}

function named<T extends string>(
  values: readonly T[],
  colors: Readonly<Record<T, string>>,
  names: Readonly<Record<T, string>>,
): Group[] {
  return (Object.keys(colors) as T[])
    .map((key) => ({
      key,
      name: names[key],
      color: colors[key],
      rows: values.flatMap((value, row) => (value === key ? [row] : [])),
    }))
    .filter((group) => group.rows.length > 0);
}
