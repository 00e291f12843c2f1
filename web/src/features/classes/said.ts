/** What changes of classes are called. Pure, so that a test can read it. */
import type { Schemas } from "../../api/client";
import { count, plural } from "../../lib/format";
import { classChanges as words } from "../../strings/classChanges";

type Change = Schemas["ClassChange"];

/** "car, van and truck"; of many only how many. */
export function listed(names: readonly string[]): string {
  if (names.length > 3) return words.several(names.length);
  const last = names.at(-1) ?? "";
  return names.length < 2 ? last : `${names.slice(0, -1).join(", ")} and ${last}`;
}

/** "12 objects on 3 images". */
export const touched = (change: Pick<Change, "objects" | "images">): string =>
  words.touched(plural(change.objects, "object"), plural(change.images, "image"));

/** What was just done. */
export function doneOf(change: Change): string {
  const names = listed(change.names);
  if (change.kind === "merge") return words.done.merge(names, change.into ?? "", touched(change));
  if (change.kind === "split") return words.done.split(names, change.into ?? "", touched(change));
  return words.done.delete(names, touched(change));
}

/** What was just taken back, and what was left alone. */
export function undoneOf(change: Change): string {
  const said = change.objects > 0 ? words.undone(touched(change)) : words.undonePlain;
  return change.kept > 0 ? `${said}. ${words.kept(plural(change.kept, "object"))}` : said;
}

/** A line of the list of changes. */
export function titleOf(change: Change): string {
  const names = listed(change.names);
  if (change.kind === "merge" || change.kind === "split") return words.told[change.kind](names, change.into ?? "");
  if (change.kind === "update") {
    const fields = listed(change.fields.map((field) => words.fields[field] ?? field));
    return words.told.update(`${fields.charAt(0).toUpperCase()}${fields.slice(1)}`, names);
  }
  return words.told[change.kind](names);
}

type Seen = Schemas["ClassPreview"];

/** How many objects are touched. */
export const objectsOf = ({ manual, accepted, proposals }: Seen["total"]): number => manual + accepted + proposals;

/** What is worth knowing before a change is made, one sentence each. */
export function remarksOf(preview: Seen): string[] {
  const { total } = preview;
  const said: (string | false)[] = [
    objectsOf(total) === 0 && preview.tracks === 0 && words.nothing,
    ...aboutInto(preview),
    total.in_trash > 0 && words.inTrash(count(total.in_trash)),
    total.aside > 0 && words.aside(count(total.aside)),
    preview.emptied > 0 && words.emptied(plural(preview.emptied, "image")),
    preview.freed.length > 0 && words.freed(preview.freed.join(", ")),
    preview.views > 0 && words.views(plural(preview.views, "saved view")),
    aboutOthers(preview),
  ];
  return said.filter((line) => line !== false);
}

function aboutInto({ into, into_new, into_objects, hotkey }: Seen): (string | false)[] {
  if (into === null) return [];
  return [
    into_new ? words.isNew(into) : words.has(into, plural(into_objects, "object")),
    hotkey !== null && words.takesKey(into, hotkey),
  ];
}

function aboutOthers({ kind, models }: Seen): string {
  if (kind === "split") return words.tracksStay;
  return models > 0 ? words.models(plural(models, "model")) : words.noModels;
}
