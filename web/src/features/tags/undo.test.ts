import fc from "fast-check";
import { expect, it } from "vitest";
import type { Image } from "../../api/types";
import { backTo, type TagChange } from "./undo";

const WORDS = ["a", "b", "c", "d"];
const words = fc.uniqueArray(fc.constantFrom(...WORDS));

/** What the server does. */
const changed = (images: readonly Image[], { ids, add, remove }: TagChange): Image[] =>
  images.map((image) =>
    ids.includes(image.id)
      ? { ...image, tags: [...new Set([...image.tags, ...add])].filter((tag) => !remove.includes(tag)) }
      : image,
  );

it("gives every image back the tags that it had, whatever was given and taken", () => {
  fc.assert(
    fc.property(fc.array(words, { minLength: 1, maxLength: 5 }), words, words, (lists, add, remove) => {
      const images = lists.map((tags, i) => ({ id: String(i), tags }) as unknown as Image);
      const done = changed(images, { ids: images.map(({ id }) => id), add, remove });
      const back = backTo(images, { add, remove }).reduce(changed, done);
      expect(back.map(({ tags }) => [...tags].sort())).toEqual(lists.map((tags) => [...tags].sort()));
    }),
  );
});
