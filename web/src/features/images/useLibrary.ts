/** The list of the library under a filter: what of it is here, what to show, and how to get more. */
import { useQueryClient, type QueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { keys } from "../../api/keys";
import type { Image } from "../../api/types";
import type { ImageFilter } from "./filter";
import type { Listing } from "./listing";
import { useFound } from "./useFound";
import { isWhole, usePages } from "./usePages";

export interface Library {
  readonly listing: Listing;
  /** Those that are here, in their order. */
  readonly here: readonly Image[];
  /** The images, their place while the first ones come, that the search found none yet, that there are none. */
  readonly shows: "images" | "wait" | "search" | "none" | "error";
  /** How many a search has found that goes on; null where none does. */
  readonly found: number | null;
  readonly error: Error | null;
  readonly retry: () => void;
}

export function useLibrary(projectId: string, filter: ImageFilter, place: string): Library {
  const whole = isWhole(filter);
  const pages = usePages(projectId, filter, place, whole);
  const found = useFound(projectId, filter, place, !whole);
  return whole ? pages : found;
}

type Held = ReadonlyMap<string, Image>;
const NOBODY: Held = new Map();

/** What is selected, also where the list has gone on to another place since. */
export function useChosen(
  projectId: string,
  filter: ImageFilter,
  here: readonly Image[],
  ids: ReadonlySet<string>,
): readonly Image[] {
  const client = useQueryClient();
  const [held, hold] = useState(NOBODY);
  // Where all that was seen is here, what is not has left the list.
  const far = isWhole(filter) ? held : NOBODY;
  const chosen = ids.size === 0 ? NOBODY : gather(ids, here, far, () => fetched(client, projectId, filter));
  if (!isSame(chosen, held)) hold(chosen);
  return [...chosen.values()];
}

function gather(ids: ReadonlySet<string>, here: readonly Image[], held: Held, more: () => Iterable<Image>): Held {
  const found = new Map<string, Image>();
  for (const image of here) if (ids.has(image.id)) found.set(image.id, image);
  for (const [id, image] of held) if (ids.has(id) && !found.has(id)) found.set(id, image);
  if (found.size < ids.size) for (const image of more()) if (ids.has(image.id)) found.set(image.id, image);
  return found;
}

/** All images of a list that were fetched and are still remembered. */
function* fetched(client: QueryClient, projectId: string, filter: ImageFilter): Generator<Image> {
  const pages = client.getQueriesData<{ items?: readonly Image[] }>({
    queryKey: [...keys.images(projectId, filter), "page"],
  });
  for (const [, data] of pages) yield* data?.items ?? [];
}

const isSame = (one: Held, other: Held): boolean =>
  one.size === other.size && [...one].every(([id, image]) => other.get(id) === image);
