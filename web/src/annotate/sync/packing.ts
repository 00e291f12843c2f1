/**
 * A draft of very many shapes as text. The browser copies what it is given to keep in one go, which holds up the page
 * for a second where 10,000 outlines wait; text is made in slices, and copied at once.
 */
import type { Item } from "../../canvas";
import type { Draft } from "./journal";
import { chunks, sliced } from "./slices";
import { byId, idOf } from "./wire";
import type { WireChange, WireChangeSet } from "./wire";

/** What is kept of one id: the former shape, what differs of the present one, and what is on its way. */
interface Line {
  readonly id: string;
  readonly base: Item | null;
  /** All of it where there was none before; null where it is gone. */
  readonly mine: object | null;
  /** Of the fields of `base` those that it has not any more. */
  readonly lost?: readonly string[];
  /** `mine`: as it is now; `gone`: its deletion. */
  readonly sent?: "mine" | "gone" | Item;
}

export interface Packed {
  readonly revision: number;
  readonly sent: Omit<WireChangeSet<Item>, "changes"> | null;
  readonly lines: readonly string[];
}

const LINES = 200;

export async function packed(draft: Draft<Item>): Promise<Packed> {
  const { revision, ids, inFlight } = draft;
  const [base, mine] = [byId(draft.base), byId(draft.mine)];
  const sent = new Map((inFlight?.changes ?? []).map((change) => [idOf(change), change]));
  const line = (id: string): Line => lineOf(id, base.get(id), mine.get(id), sent.get(id));
  const lines = await sliced(chunks(ids, LINES / 10), (some) => some.map((id) => JSON.stringify(line(id))).join(","));
  const head = inFlight && { change_id: inFlight.change_id, base_revision: inFlight.base_revision };
  return { revision, sent: head, lines: chunks(lines, 10).map((some) => `[${some.join(",")}]`) };
}

function lineOf(id: string, base: Item | undefined, mine: Item | undefined, sent?: WireChange<Item>): Line {
  const onItsWay = sent && (sent.op === "delete" ? "gone" : sent.annotation === mine ? "mine" : sent.annotation);
  return {
    id,
    base: base ?? null,
    ...told(base, mine),
    ...(onItsWay === undefined ? {} : { sent: onItsWay }),
  };
}

/** Fields that are the very same are not told twice: the outline of a shape whose class changed. */
function told(base: Item | undefined, mine: Item | undefined): Pick<Line, "mine" | "lost"> {
  if (!mine || !base) return { mine: mine ?? null };
  const [before, now] = [base, mine] as unknown as Record<string, unknown>[];
  if (!before || !now) return { mine };
  const differing = Object.entries(now).filter(([key, value]) => before[key] !== value);
  const lost = Object.keys(before).filter((key) => !(key in now));
  return { mine: Object.fromEntries(differing), ...(lost.length === 0 ? {} : { lost }) };
}

/** The draft that was packed. */
export function unpacked({ revision, sent, lines }: Packed): Draft<Item> {
  const all = lines.flatMap((chunk) => JSON.parse(chunk) as Line[]);
  const mine = new Map(all.map((line) => [line.id, present(line)]));
  const changes = all.flatMap((line): WireChange<Item>[] => {
    if (line.sent === undefined) return [];
    if (line.sent === "gone") return [{ op: "delete", id: line.id }];
    const annotation = line.sent === "mine" ? mine.get(line.id) : line.sent;
    return annotation ? [{ op: "upsert", annotation }] : [];
  });
  return {
    revision,
    ids: all.map(({ id }) => id),
    base: all.flatMap(({ base }) => base ?? []),
    mine: all.flatMap(({ id }) => mine.get(id) ?? []),
    inFlight: sent && { ...sent, changes },
  };
}

function present({ id, base, mine, lost = [] }: Line): Item | null {
  if (!mine) return null;
  const kept = Object.entries(base ?? {}).filter(([key]) => !lost.includes(key));
  return { ...Object.fromEntries(kept), ...mine, id };
}
