import type { Image } from "../../api/types";

/** What was done to many images. */
export interface TagChange {
  readonly ids: readonly string[];
  readonly add: readonly string[];
  readonly remove: readonly string[];
}

/** The changes that give every image back the tags that it had. */
export function backTo(images: readonly Image[], { add, remove }: Pick<TagChange, "add" | "remove">): TagChange[] {
  const idsWhere = (has: (image: Image) => boolean) => images.filter(has).map(({ id }) => id);
  const gone = new Set(remove);
  return [
    ...add
      .filter((tag) => !gone.has(tag))
      .map((tag) => ({ ids: idsWhere(({ tags }) => !tags.includes(tag)), add: [], remove: [tag] })),
    ...remove.map((tag) => ({ ids: idsWhere(({ tags }) => tags.includes(tag)), add: [tag], remove: [] })),
  ].filter(({ ids }) => ids.length > 0);
}
