/** The log of a picture read by people: what each save has changed, and how the picture was after it. */
import { boundsOf, isProposal, same } from "../../canvas";
import type { Annotation, Size } from "../../canvas";
import { review } from "../../strings/review";
import { alike, byId, patched } from "../sync/wire";
import type { ById, WireChange } from "../sync/wire";

const { history: text } = review;

/** Whose save it is, and when. */
export interface Saved {
  readonly revision: number;
  readonly author_id: string | null;
  readonly author_name: string | null;
  readonly run_id: string | null;
  readonly created_at: string;
}

/** One save, as the server tells it. */
export interface LogEntry extends Saved {
  readonly changes: readonly WireChange[];
}

/** A save with the picture as it was after it. */
export interface Step {
  readonly entry: LogEntry;
  readonly summary: string;
  readonly after: ById;
}

/** Goes through saves that follow on `base`; both the saves and the answer are newest first. */
export function steps(base: Iterable<Annotation>, entries: readonly LogEntry[]): Step[] {
  let before: ById = byId(base);
  const found: Step[] = [];
  for (const entry of entries.toReversed()) {
    const after = patched(before, entry.changes);
    found.push({ entry, after, summary: summaryOf(before, after, entry.changes) });
    before = after;
  }
  return found.reverse();
}

type Part = keyof typeof text.parts;
const ORDER = Object.keys(text.parts) as Part[];

const idOf = (change: WireChange): string => (change.op === "delete" ? change.id : change.annotation.id);

/** "2 added, 1 moved, 1 deleted". */
export function summaryOf(before: ById, after: ById, changes: readonly WireChange[]): string {
  const counts = new Map<Part, number>();
  for (const change of changes) {
    const part = partOf(before.get(idOf(change)), after.get(idOf(change)));
    if (part) counts.set(part, (counts.get(part) ?? 0) + 1);
  }
  const words = ORDER.flatMap((part) => (counts.has(part) ? [text.parts[part](counts.get(part) ?? 0)] : []));
  return words.length > 0 ? words.join(", ") : text.nothing;
}

function partOf(before: Annotation | undefined, after: Annotation | undefined): Part | null {
  if (alike(before, after)) return null;
  if (!before) return after && isProposal(after) ? "proposed" : "added";
  if (!after) return isProposal(before) ? "rejected" : "deleted";
  return isProposal(before) && !isProposal(after) ? "accepted" : editOf(before, after);
}

function editOf(before: Annotation, after: Annotation): Part {
  if (before.class_id !== after.class_id) return "relabelled";
  if (same(before.geometry, after.geometry)) return same(before.attributes, after.attributes) ? "changed" : "described";
  return isMoved(before, after) ? "moved" : "reshaped";
}

/** Whether a shape kept its size, up to rounding. */
function isMoved(before: Annotation, after: Annotation): boolean {
  const [a, b] = [sizeOf(before), sizeOf(after)];
  return Math.abs(a.width - b.width) < 1e-6 && Math.abs(a.height - b.height) < 1e-6;
}

function sizeOf({ geometry }: Annotation): Size {
  const [x0, y0, x1, y1] = boundsOf(geometry);
  return { width: x1 - x0, height: y1 - y0 };
}
