/** The classes a person has used last in a project: they come first where one is chosen. */

/** As many as digits can choose. */
export const FIRST = 9;

/** The newest first, each once. */
export const used = (recent: readonly string[], id: string): readonly string[] =>
  [id, ...recent.filter((one) => one !== id)].slice(0, FIRST);

export function lastFirst<T>(items: readonly T[], recent: readonly string[], idOf: (item: T) => string): T[] {
  const byId = new Map(items.map((item) => [idOf(item), item]));
  const first = recent.flatMap((id) => byId.get(id) ?? []);
  const known = new Set(first.map(idOf));
  return [...first, ...items.filter((item) => !known.has(idOf(item)))];
}

const key = (projectId: string): string => `boxwright.classes.${projectId}`;

export function recentOf(projectId: string): readonly string[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(key(projectId)) ?? "[]");
    return Array.isArray(stored) ? stored.filter((id): id is string => typeof id === "string") : [];
  } catch {
    return [];
  }
}

export const noteUse = (projectId: string, id: string): void =>
  localStorage.setItem(key(projectId), JSON.stringify(used(recentOf(projectId), id)));
