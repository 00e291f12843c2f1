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

/** Add everything between the anchor and the item, in the order of `list`; without an anchor only the item. */
export function extend(selection: Selection, id: string, list: readonly string[]): Selection {
  const to = list.indexOf(id);
  const from = selection.anchor === null ? to : list.indexOf(selection.anchor);
  if (to < 0) return selection;
  const start = from < 0 ? to : Math.min(from, to);
  const end = from < 0 ? to : Math.max(from, to);
  return { ids: new Set([...selection.ids, ...list.slice(start, end + 1)]), anchor: selection.anchor ?? id };
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
