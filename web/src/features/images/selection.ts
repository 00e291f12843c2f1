/** What is selected in a list, and where the last single choice was made (a range starts there). */
export interface Selection {
  readonly ids: ReadonlySet<string>;
  readonly anchor: string | null;
}

export const NOTHING: Selection = { ids: new Set(), anchor: null };

/** Add the item, or take it out again. */
export function toggle(selection: Selection, id: string): Selection {
  const ids = new Set(selection.ids);
  if (!ids.delete(id)) ids.add(id);
  return { ids, anchor: id };
}

/** Add these; a range goes on from where the last single choice was made, or from `anchor`. */
export function add(selection: Selection, ids: readonly string[], anchor: string | null): Selection {
  return { ids: new Set([...selection.ids, ...ids]), anchor: selection.anchor ?? anchor };
}

/** Take these out again, and leave what was selected since. */
export function deselect(selection: Selection, done: readonly string[]): Selection {
  const ids = new Set(selection.ids);
  for (const id of done) ids.delete(id);
  return { ids, anchor: selection.anchor };
}

/** Select the whole list. */
export function selectAll(list: readonly string[]): Selection {
  return { ids: new Set(list), anchor: list[0] ?? null };
}
