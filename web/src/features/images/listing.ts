/** A list of images of which some are here: what a grid or a table shows. */
import type { Image } from "../../api/types";

export interface Listing {
  /** How many places it has. */
  readonly length: number;
  /** Whether more may follow behind the last place. */
  readonly more: boolean;
  readonly at: (index: number) => Image | undefined;
  /** Where an image is, as far as that is known; -1 elsewhere. */
  readonly indexOf: (id: string) => number;
  /** Say which places are looked at, up to one that is not: what belongs there, and beside it, is fetched. */
  readonly see: (from: number, to: number) => void;
  /** The ids from one place to another, both among them; fetched first where they are not here. */
  readonly ids: (from: number, to: number) => readonly string[] | Promise<readonly string[]>;
  /** How many can be asked for at once. */
  readonly atOnce: number;
}

/** How close to the end one looks when more is fetched. */
const NEAR = 60;

/** The list of images that are all here, or come one page after another. */
export function listOf(images: readonly Image[], more = false, onMore?: () => void): Listing {
  return {
    length: images.length,
    more,
    at: (index) => images[index],
    indexOf: (id) => images.findIndex((image) => image.id === id),
    see: (_from, to) => {
      if (more && to > images.length - NEAR) onMore?.();
    },
    ids: (from, to) => images.slice(from, to + 1).map(({ id }) => id),
    atOnce: Infinity,
  };
}
