/** What was copied: in the storage of the browser, so that it outlives a reload and reaches other tabs. */
import type { Annotation } from "../../canvas";

const KEY = "boxwright.clipboard";

interface Clip {
  /** The project whose classes the shapes have. */
  readonly projectId: string;
  readonly annotations: readonly Annotation[];
}

/** Where the storage is full, what was copied stays in this tab. */
let held: Clip | null = null;

export function copyToClipboard(clip: Clip): void {
  held = clip;
  try {
    localStorage.setItem(KEY, JSON.stringify(clip));
  } catch {
    localStorage.removeItem(KEY);
  }
}

const isClip = (value: unknown): value is Clip =>
  typeof value === "object" &&
  value !== null &&
  "projectId" in value &&
  "annotations" in value &&
  Array.isArray(value.annotations);

export function clipboard(): Clip | null {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(KEY) ?? "null");
    return isClip(stored) ? stored : held;
  } catch {
    return held;
  }
}
